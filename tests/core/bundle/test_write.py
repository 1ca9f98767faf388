"""A run written as one file."""

import io
import shutil
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from core.bundle.format import BUNDLE, MADE_HERE
from core.bundle.open import open_bundle
from core.bundle.write import bundle, bundles
from core.errors import DigitLabError
from core.inference import load
from core.runs.curves import CurveReader
from core.runs.first_updates import has_steps, read_steps
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.label import Label
from core.runs.manifest import Group
from core.runs.owner import Owner
from core.runs.predictions import parts, predicted_epochs, read_answers
from core.runs.store import SHIPPED_DIR
from core.runs.weights import weighted_epochs
from core.text import Message
from tests.bundled import copy_network, files, opened

SHIPPED = (
    "cnn-16-36-5k",
    "handwriting",
    *(
        pytest.param(name, marks=pytest.mark.slow)
        for name in ("cnn-16-36", "lenet-20-50", "mlp-512", "mlp-512-overfit")
    ),
)
"""Of the digits that need no download, and of the network with others; the rest are packed alike."""


@pytest.fixture
def copied(tmp_path):
    """A shipped run's copy that a test may change."""
    shutil.copytree(SHIPPED_DIR / "mlp-512", tmp_path / "copied")
    return RunFolder(tmp_path / "copied")


def names(content):
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


@pytest.mark.parametrize("name", SHIPPED)
def test_an_opened_run_gives_the_answers_of_the_original(name, tmp_path):
    there = RunFolder(SHIPPED_DIR / name)
    content = bundle(there)
    here = RunFolder(tmp_path / open_bundle(io.BytesIO(content), tmp_path, build=copy_network(name)).run_id)
    config = there.manifest().config
    assert here.manifest().config == config
    assert predicted_epochs(here) == predicted_epochs(there) != ()
    for epoch in predicted_epochs(there):
        for part in parts(config):
            ours, theirs = read_answers(here, config, epoch, part), read_answers(there, config, epoch, part)
            np.testing.assert_array_equal(ours.log_probabilities, theirs.log_probabilities)
            np.testing.assert_array_equal(ours.labels, theirs.labels)
    image = np.random.default_rng(1).random((28, 28), np.float32)
    assert weighted_epochs(here) == weighted_epochs(there) != ()
    for epoch in weighted_epochs(there):
        ours, theirs = load(here, epoch).activations(image), load(there, epoch).activations(image)
        assert list(ours) == list(theirs)
        for layer, values in theirs.items():
            np.testing.assert_array_equal(ours[layer], values)
    for file, columns in (("epochs.csv", EPOCH_COLUMNS), ("batches.csv", BATCH_COLUMNS)):
        ours, theirs = (CurveReader(folder.path / file, columns).read() for folder in (here, there))
        np.testing.assert_array_equal(ours, theirs)
    if has_steps(there):
        np.testing.assert_array_equal(read_steps(here).weights, read_steps(there).weights)
    assert replace(here.status(), heartbeat=0) == replace(there.status(), heartbeat=0)
    # bundled again from there, it is the same file
    assert bundle(here) == content


def test_the_same_run_gives_the_same_bytes(copied):
    first = bundle(copied)
    for path in copied.path.rglob("*"):
        path.touch()
    assert bundle(copied) == first


def test_a_bundle_has_what_pages_need_and_nothing_about_the_machine(copied):
    owner = Owner("a-private-host", 4711, 12.5)
    (copied.path / "worker.log").write_text("secret")
    (copied.path / "model.keras").write_bytes(b"secret")
    (copied.path / "terms.json").write_text('{"visitor": "secret"}')
    (copied.path / "control").mkdir()
    (copied.path / "control" / "1.json").write_text("secret")
    copied.state(3).write_bytes(b"secret")
    manifest = copied.manifest()
    surroundings = {**manifest.environment, "dataset_source": "/home/secret/mnist.npz", "host": "a-private-host"}
    copied.write_manifest(replace(manifest, environment=surroundings))
    message = Message("runs.runs_dir_unwritable", folder="/home/secret/runs", reason="No room")
    failed = {"state": "failed", "owner": owner, "heartbeat": 1e9, "message": message}
    copied.write_status(replace(copied.status(), **failed))
    content = bundle(copied)
    assert set(names(content)) == set(files("mlp-512"))
    assert not set(names(content)) & set(MADE_HERE)
    assert all(any(kind.form.fullmatch(name) for kind in BUNDLE.kinds) for name in names(content))
    assert b"secret" not in content
    assert b"a-private-host" not in content


@pytest.mark.parametrize("state", ["queued", "starting", "training", "paused", "evaluating"])
def test_a_run_that_has_not_ended_cannot_be_bundled(state, make_run):
    run = make_run(state, owner=None if state == "queued" else Owner.this())
    with pytest.raises(DigitLabError, match=f"is {state}; download the whole run after it ends"):
        bundle(run)


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "interrupted"])
def test_a_run_that_ended_early_can_be_bundled(state, make_run, tmp_path):
    run = make_run(state, name="a start")
    folder = opened(bundle(run), tmp_path / "elsewhere")
    assert (folder.status().state, folder.manifest().name) == (state, "a start")


def test_a_run_too_large_drops_weights_of_epochs_in_between_and_then_predictions(copied):
    whole = bundle(copied)
    size = {name: len(content) for name, content in files("mlp-512").items()}
    weights = [name for name in size if name.startswith("checkpoints")]
    predictions = [name for name in size if name.startswith("predictions")]
    assert len(weights) > 3
    smaller = bundle(copied, most_bytes=len(whole) - 1)
    assert set(predictions) < set(names(smaller)) < set(size)
    # the untrained network, the best epoch and the last stay
    best, last = copied.status().best_epoch or copied.status().epoch, copied.status().epoch
    always = {f"checkpoints/epoch-{epoch:04d}.weights.h5" for epoch in {0, best, last}}
    least = sum(size[name] for name in size if name not in weights) + sum(size[name] for name in always)
    smallest = bundle(copied, most_bytes=least - 1_000)
    assert always == set(names(smallest)) & set(weights)
    assert set(names(smallest)) & set(predictions) < set(predictions)
    with pytest.raises(DigitLabError, match="only its best and last epochs"):
        bundle(copied, most_bytes=100_000)


def test_damaged_files_are_left_out(copied, tmp_path):
    (copied.predictions(1)).write_bytes(b"damaged")
    (copied.weights(1)).write_bytes(b"damaged")
    with copied.epochs_csv.open("a") as file:
        file.write("=HYPERLINK(1),2\n")
    folder = opened(bundle(copied), tmp_path / "elsewhere")
    assert 1 not in predicted_epochs(folder) + weighted_epochs(folder)
    assert folder.epochs_csv.read_text().count("\n") == 1 + copied.status().epoch


def test_a_long_table_of_batches_is_thinned_out(copied, monkeypatch):
    monkeypatch.setattr("core.bundle.format.MOST_ROWS", {"epochs.csv": 1_000, "batches.csv": 50})
    with zipfile.ZipFile(io.BytesIO(bundle(copied))) as archive:
        rows = archive.read("batches.csv").decode().splitlines()[1:]
    assert 25 < len(rows) <= 50
    before = copied.batches_csv.read_text().splitlines()[1:]
    # without the learning rate, which earlier versions did not write
    assert rows[0] == f"{before[0]},"


def test_tags_are_packed_and_group_and_number_are_not(copied, tmp_path):
    copied.write_label(Label("mine", "why", pinned=True, tags=("thesis",)))
    copied.write_manifest(replace(copied.manifest(), group=Group("ladder", "a"), number=7))
    content = bundle(copied)
    here = RunFolder(tmp_path / open_bundle(io.BytesIO(content), tmp_path, build=copy_network("mlp-512")).run_id)
    assert here.label() == Label("mine", "why", tags=("thesis",))
    assert here.manifest().group is here.manifest().number is None


def test_several_runs_are_packed_as_one_zip_of_bundles(copied):
    shipped = RunFolder(SHIPPED_DIR / "lenet-20-50")
    content = bundles({"a.digitlab.zip": copied, "b.digitlab.zip": shipped})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("a.digitlab.zip") == bundle(copied)
        assert archive.read("b.digitlab.zip") == bundle(shipped)


def test_each_of_several_runs_has_its_share_of_the_size(copied):
    most = 2 * 3_000_000
    content = bundles({"a.digitlab.zip": copied, "b.digitlab.zip": copied}, most_bytes=most)
    assert len(content) < most
    assert len(bundle(copied)) > most // 2
