"""Keras files from complete and damaged runs."""

import io
import shutil
import zipfile

import h5py
import numpy as np
import pytest

from core.errors import UnreadableRun
from core.export.keras_files import architecture_and_weights, keras_model
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.runs.weights import weighted_epochs

KEPT = 15


@pytest.fixture
def folder(tmp_path):
    shipped = SHIPPED_DIR / "cnn-16-36"
    folder = RunFolder(tmp_path / "run")
    folder.weights(KEPT).parent.mkdir(parents=True)
    for path in (folder.weights(KEPT), folder.architecture, folder.path / "run.json"):
        shutil.copyfile(shipped / path.relative_to(folder.path), path)
    return folder


def test_missing_weights_are_reported_with_the_available_epochs(folder):
    for epoch in (1, 2, 3, 7):
        folder.weights(epoch).write_bytes(folder.weights(KEPT).read_bytes())
    folder.state(3).touch()
    (folder.path / "checkpoints" / "epoch-best.weights.h5").touch()
    (folder.path / "checkpoints" / "epoch-0004.weights.h5.part").touch()
    assert weighted_epochs(folder) == (1, 2, 3, 7, KEPT)
    for make in (keras_model, architecture_and_weights):
        with pytest.raises(UnreadableRun, match=r"weights of epoch 4 .* epochs: 1–3, 7, 15\.$"):
            make(folder, 4)


def test_a_run_without_weights_is_reported(folder):
    folder.weights(KEPT).unlink()
    with pytest.raises(UnreadableRun, match="no stored weights"):
        keras_model(folder, KEPT)


@pytest.mark.parametrize("make", [keras_model, architecture_and_weights])
def test_a_truncated_file_is_not_exported(folder, make):
    whole = folder.weights(KEPT).read_bytes()
    folder.weights(KEPT).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableRun, match=r"epoch-0015\.weights\.h5 cannot be read"):
        make(folder, KEPT)
    folder.weights(KEPT).write_bytes(whole)
    folder.architecture.write_text("{", encoding="utf-8")
    with pytest.raises(UnreadableRun, match=r"architecture\.json cannot be read"):
        make(folder, KEPT)
    folder.architecture.unlink()
    with pytest.raises(UnreadableRun, match=r"architecture\.json is missing"):
        make(folder, KEPT)


def test_the_same_epoch_gives_the_same_file(folder):
    first = keras_model(folder, KEPT)
    assert keras_model(folder, KEPT) == first


def arrays(content):
    """Every array in a file of weights by its path."""
    found = {}
    with h5py.File(io.BytesIO(content)) as file:
        file.visititems(lambda place, of: found.update({place: of[()]} if isinstance(of, h5py.Dataset) else {}))
    return found


@pytest.mark.parametrize(
    ("make", "name"), [(keras_model, "model.weights.h5"), (architecture_and_weights, "epoch-0015.weights.h5")]
)
def test_an_archive_contains_the_epochs_weights(folder, make, name):
    """Float16 weights of a shipped run become float32; a file of float32 weights is passed on unchanged."""
    with zipfile.ZipFile(io.BytesIO(make(folder, KEPT))) as archive:
        content = archive.read(name)
        assert archive.testzip() is None
    kept, handed_on = arrays(folder.weights(KEPT).read_bytes()), arrays(content)
    assert kept.keys() == handed_on.keys()
    assert {(kept[place].dtype.name, handed_on[place].dtype.name) for place in kept} == {("float16", "float32")}
    assert all(np.array_equal(kept[place], handed_on[place]) for place in kept)
    folder.weights(KEPT).write_bytes(content)
    with zipfile.ZipFile(io.BytesIO(make(folder, KEPT))) as archive:
        assert archive.read(name) == content
