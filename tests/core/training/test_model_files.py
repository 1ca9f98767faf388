"""Model files of any epoch: Keras and LiteRT load them and get the run's stored predictions."""

import io
import json
import zipfile

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from core.data.datasets import load
from core.errors import DigitLabError, UnreadableRun
from core.export.keras_files import architecture_and_weights, keras_model
from core.export.tflite import tflite
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.core.training.conftest import start

DIGITS = 100
AS_STORED = 2e-3  # float16 logarithms


def images():
    return np.asarray(load("mnist-5k").test_images[:DIGITS])[..., None].astype(np.float32) / 255


def stored(folder, epoch):
    with np.load(folder.predictions(epoch)) as file:
        return np.exp(file["test"][:DIGITS].astype(np.float32))


def test_a_keras_file_made_without_keras_gives_the_stored_predictions(finished, tmp_path):
    path = tmp_path / "any.keras"
    for epoch in (0, 1):
        path.write_bytes(keras_model(finished, epoch))
        model = keras.models.load_model(path)
        np.testing.assert_allclose(model(images()).numpy(), stored(finished, epoch), atol=AS_STORED)
    assert model.count_params() == finished.manifest().config.parameters


def test_a_keras_file_has_the_contents_of_one_that_keras_writes(finished):
    epoch = finished.status().best_epoch
    made = io.BytesIO(keras_model(finished, epoch))
    with zipfile.ZipFile(finished.path / "model.keras") as own, zipfile.ZipFile(made) as ours:
        assert ours.namelist() == own.namelist()
        assert json.loads(ours.read("config.json")) == json.loads(own.read("config.json"))
        theirs = json.loads(own.read("metadata.json"))
        assert json.loads(ours.read("metadata.json")).keys() == theirs.keys()
        assert json.loads(ours.read("metadata.json"))["keras_version"] == theirs["keras_version"]


def test_the_code_in_the_archive_loads_its_model(finished, tmp_path, monkeypatch):
    with zipfile.ZipFile(io.BytesIO(architecture_and_weights(finished, 1))) as archive:
        archive.extractall(tmp_path)
    code = (tmp_path / "README.txt").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(code, names)
    np.testing.assert_allclose(names["model"].predict(images(), verbose=0), stored(finished, 1), atol=AS_STORED)


@pytest.mark.parametrize("finished", [pytest.param("lenet", marks=pytest.mark.slow), "cnn"], indirect=True)
def test_a_converted_epoch_gives_the_stored_predictions_and_names_its_layers(finished):
    before = sorted(finished.path.rglob("*"))
    answers = lite(tflite(finished, 0))
    np.testing.assert_allclose(answers["output"], stored(finished, 0), atol=AS_STORED)
    kept = keras.models.load_model(finished.path / "model.keras")
    assert set(answers) == {layer.name for layer in kept.layers}
    assert sorted(finished.path.rglob("*")) == before


def lite(content):
    return Interpreter(model_content=content).get_signature_runner("layers")(image=images())


def test_files_of_a_shipped_run_give_its_stored_predictions(tmp_path):
    """A shipped run has no model files, and its weights are float16."""
    shipped = RunFolder(SHIPPED_DIR / "cnn-16-36-5k")
    epoch = shipped.status().best_epoch
    np.testing.assert_allclose(lite(tflite(shipped, epoch))["output"], stored(shipped, epoch), atol=AS_STORED)
    (tmp_path / "any.keras").write_bytes(keras_model(shipped, epoch))
    model = keras.models.load_model(tmp_path / "any.keras")
    np.testing.assert_allclose(model(images()).numpy(), stored(shipped, epoch), atol=AS_STORED)


def test_the_best_epoch_needs_no_conversion(finished):
    kept = (finished.path / "model.tflite").read_bytes()
    best = finished.status().best_epoch
    assert tflite(finished, best, timeout=0) == kept
    np.testing.assert_allclose(lite(kept)["output"], stored(finished, best), atol=AS_STORED)


def test_the_model_of_the_best_epoch_is_not_used_for_another(finished):
    with pytest.raises(DigitLabError, match=r"epoch 0 took too long"):
        tflite(finished, 0, timeout=0.01)


def test_a_network_that_cannot_be_converted_is_reported(finished_cnn, tmp_path):
    broken = RunFolder(tmp_path)
    for name in ("run.json", "status.json"):
        (tmp_path / name).write_bytes((finished_cnn.path / name).read_bytes())
    broken.weights(1).parent.mkdir()
    broken.weights(1).write_bytes(b"no weights")
    with pytest.raises(DigitLabError, match=r"epoch 1 could not be made"):
        tflite(broken, 1)
    with pytest.raises(UnreadableRun, match=r"choose one of these epochs: 1\."):
        tflite(broken, 2)


def test_the_command_refuses_an_epoch_without_weights(finished_cnn, tmp_path):
    process = start("core.training.convert", str(finished_cnn.path), "9", str(tmp_path / "9.tflite"))
    _, err = process.communicate(timeout=180)
    assert process.returncode == 2
    assert err.strip() == "The weights of epoch 9 were not kept; choose one of these epochs: 0–2."
