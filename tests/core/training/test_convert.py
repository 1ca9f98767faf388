"""Converting an untrusted run executes nothing from its files."""

import json
import shutil

import keras
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from core.export.tflite import tflite
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR


def test_a_lambda_in_the_architecture_is_never_executed(tmp_path):
    folder = RunFolder(tmp_path / "run")
    shutil.copytree(SHIPPED_DIR / "mlp-512", folder.path)
    marker = tmp_path / "marker"
    lines = f"lambda x: (__import__('pathlib').Path({str(marker)!r}).touch(), x)[1]"
    network = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Lambda(eval(lines), name="flatten")])
    described = json.loads(network.to_json())
    assert "Lambda" in json.dumps(described)
    # building the network ran the lambda, so it works
    assert marker.exists()
    marker.unlink()
    folder.architecture.write_text(json.dumps(described))
    (tmp_path / "made.tflite").write_bytes(tflite(folder, 1))
    assert not marker.exists()
    image = np.random.default_rng(1).random((1, 28, 28), np.float32)
    run = Interpreter(model_path=str(tmp_path / "made.tflite")).get_signature_runner("layers")
    expected = load(RunFolder(SHIPPED_DIR / "mlp-512"), 1)
    np.testing.assert_allclose(run(image=image[..., None])["output"], expected.probabilities(image), atol=1e-6)
