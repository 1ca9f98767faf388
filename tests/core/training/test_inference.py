"""Inference without Keras gives what Keras computes, at every epoch and in every layer."""

import keras
import numpy as np
import pytest

from core.data.datasets import load as load_digits
from core.inference import load

RUNS = {
    "mlp": ["--preset", "mlp", "--set", "hidden_units=64,32", "--set", "batch_normalization=true"],
    "lenet": ["--preset", "lenet-20-50", "--set", "blocks=4@5-valid-max,6@5-same-max", "--set", "batch_size=200"],
}


@pytest.fixture(scope="module")
def images():
    return np.asarray(load_digits("mnist-5k").test_images[:100], np.float32) / 255


@pytest.fixture(params=["mlp", "lenet", "cnn"])
def folder(request, trainer):
    if request.param == "cnn":
        return request.getfixturevalue("finished_cnn")
    return trainer.train(*RUNS[request.param], "--epochs", "1")


def test_predictions_and_activations_equal_those_of_keras(folder, images):
    model = keras.models.load_model(folder.path / "model.keras")
    taps = keras.Model(model.inputs, {layer.name: layer.output for layer in model.layers})
    status = folder.status()
    for epoch in range(status.epoch + 1):
        model.load_weights(folder.weights(epoch))
        expected = taps.predict(images[..., None], verbose=0)
        classifier = load(folder, epoch)
        for some in (images[:3], images):
            shares = classifier.probabilities(some)
            np.testing.assert_allclose(shares, expected["output"][: len(some)], atol=1e-5)
        activations = classifier.activations(images[7])
        assert list(activations) == [layer.name for layer in model.layers]
        for name, values in activations.items():
            np.testing.assert_allclose(values, expected[name][7], rtol=1e-4, atol=1e-5)
    assert load(folder, "last").epoch == status.epoch
    assert load(folder).epoch == (status.best_epoch or status.epoch)
