"""A user's settings of Keras and TensorFlow do not change any result."""

import json
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

from core.data.datasets import load as load_digits
from core.export.tflite import tflite
from core.inference import load
from core.runs.first_updates import read_steps
from core.runs.folder import RunFolder
from core.runs.predictions import read_log_probabilities
from tests.core.test_keras_settings import HOSTILE
from tests.core.training.conftest import SMALL_CNN, Trainer, epochs

pytestmark = pytest.mark.slow  # tests/core/test_keras_settings.py tries each setting
DIGITS = 200


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """All settings at once; tests/core/test_keras_settings.py tries them one by one."""
    home = tmp_path_factory.mktemp("home")
    settings = {"floatx": "float16", "epsilon": 0.1, "backend": "torch", "image_data_format": "channels_first"}
    for folder in (home / ".keras", home / "keras"):
        folder.mkdir()
        (folder / "keras.json").write_text(json.dumps(settings | {"nnx_enabled": True}), encoding="utf-8")
    cache = os.environ.get("DIGIT_LAB_CACHE") or str(home / "cache")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (HOSTILE | {"HOME": str(home), "KERAS_HOME": str(home / "keras")}).items():
            patch.setenv(name, value)
        patch.setenv("DIGIT_LAB_CACHE", cache)
        yield patch


@pytest.fixture(scope="module")
def trained(finished_cnn, hostile, tmp_path_factory, request):  # noqa: ARG001 the plain run comes first
    """The run of `finished_cnn` under hostile settings; with --slow, resumed for its second epoch."""
    trainer = Trainer(tmp_path_factory.mktemp("hostile") / "runs", fresh=True)
    if not request.config.getoption("--slow"):
        return trainer.train(*SMALL_CNN)
    folder = trainer.train(*SMALL_CNN[:-1], "1")
    manifest = folder.manifest()
    folder.write_manifest(replace(manifest, config=manifest.config.replace(epochs=2)))
    folder.write_status(replace(folder.status(), state="stopped"))
    code, _, err = trainer.run("--resume", str(folder.path))
    assert code == 0, err
    return folder


def test_training_gives_the_same_results(finished_cnn, trained):
    for plain, own in zip(epochs(finished_cnn), epochs(trained), strict=True):
        for name in ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"):
            assert own[name] == pytest.approx(plain[name], rel=0.02), name
    assert trained.status().test_accuracy == pytest.approx(finished_cnn.status().test_accuracy, abs=0.01)
    np.testing.assert_allclose(read_steps(trained).loss, read_steps(finished_cnn).loss, rtol=1e-3)


@pytest.mark.slow
def test_a_downloaded_model_predicts_as_the_network_did(finished_cnn, trained, hostile, tmp_path):  # noqa: ARG001 is in force
    from ai_edge_litert.interpreter import Interpreter

    images = load_digits("mnist-5k").test_images[:DIGITS]
    for folder in (trained, finished_cnn):
        # without the run's model.tflite, the best epoch is converted too
        copied = RunFolder(tmp_path / folder.id)
        shutil.copytree(folder.path, copied.path)
        (copied.path / "model.tflite").unlink()
        (tmp_path / "model.tflite").write_bytes(tflite(copied, 1))
        network = Interpreter(str(tmp_path / "model.tflite")).get_signature_runner("layers")
        outputs = network(image=images[..., None].astype(np.float32) / 255)
        np.testing.assert_allclose(outputs["output"], answers(folder, 1), atol=2e-3)


def test_activations_equal_those_without_the_settings(finished_cnn, trained):
    image = load_digits("mnist-5k").test_images[0].astype(np.float32) / 255
    own, plain = (load(folder, 1).activations(image) for folder in (trained, finished_cnn))
    assert own.keys() == plain.keys()
    for name, values in own.items():
        np.testing.assert_allclose(values, plain[name], rtol=0.05, atol=0.02, err_msg=name)
    images = load_digits("mnist-5k").test_images[:DIGITS].astype(np.float32) / 255
    for epoch in (1, 2):
        np.testing.assert_allclose(load(trained, epoch).probabilities(images), answers(trained, epoch), atol=2e-3)


def answers(folder, epoch):
    """The probabilities that the run stored for the first test digits."""
    return np.exp(read_log_probabilities(folder, folder.manifest().config, epoch, "test")[:DIGITS])
