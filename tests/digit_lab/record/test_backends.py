"""A script that trains with JAX or PyTorch is recorded as one with TensorFlow is."""

from importlib.util import find_spec

import pytest

from core.runs.curves import CurveReader
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS
from core.runs.predictions import read_answers
from tests.digit_lab.record.test_record import ended_runs, recording

SCRIPT = """
import numpy as np
import keras

random = np.random.default_rng(5)
images = random.random((400, 12, 12, 1), np.float32)
labels = random.integers(0, 4, 400)
images[np.arange(400), labels] = 0.0

def trained(fit, chain):
    keras.utils.set_random_seed(3)
    inputs = keras.Input((12, 12, 1))
    first = keras.layers.Conv2D(4, 3, activation="relu")(inputs)
    second = first if chain else keras.layers.add([first, keras.layers.Conv2D(4, 3, activation="tanh")(inputs)])
    outputs = keras.layers.Dense(4, "softmax")(keras.layers.Flatten()(second))
    model = keras.Model(inputs, outputs)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    fit(model, images, labels, epochs=2, batch_size=32, validation_split=0.25, verbose=0)
    return model.get_weights()

recorded = trained(keras.Model.fit, True)
plain = trained(keras.Model.fit.__wrapped__, True)
print("the same", all(np.array_equal(a, b) for a, b in zip(recorded, plain)))
trained(keras.Model.fit, False)
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_a_script_with_another_backend_has_curves_and_answers_and_its_own_weights(backend, tmp_path, monkeypatch):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed.")
    monkeypatch.setenv("KERAS_BACKEND", backend)
    script = tmp_path / "own.py"
    script.write_text(SCRIPT, encoding="utf-8")
    process = recording(script, tmp_path / "runs")
    out, err = process.communicate(timeout=600)
    assert (process.returncode, out) == (0, "the same True\n"), err
    runs = ended_runs(tmp_path / "runs")
    assert len(runs) == 2
    for run in runs:
        assert (run.status.state, run.status.epoch) == ("finished", 2)
        assert run.manifest.recorded.backend.startswith(f"{backend} ")
        rows = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()
        assert CurveReader(run.folder.batches_csv, BATCH_COLUMNS).read()
        answers = read_answers(run.folder, run.manifest.config, 2, "test")
        right = (answers.log_probabilities.argmax(axis=1) == answers.labels).mean()
        assert right == pytest.approx(rows[-1][EPOCH_COLUMNS.index("val_accuracy")], abs=1e-6)
    # of our layers, or computed in the program itself
    assert sorted((run.folder.path / "network.tflite").exists() for run in runs) == [False, True]
