"""Inference without Keras gives what Keras computes, at every epoch and in every layer."""

import keras
import numpy as np
import pytest

from core.data.datasets import load as load_digits
from core.inference import load


@pytest.fixture(scope="module")
def images():
    return np.asarray(load_digits("mnist-5k").test_images[:100], np.float32) / 255


def test_predictions_and_activations_equal_those_of_keras(finished, images):
    model = keras.models.load_model(finished.path / "model.keras")
    taps = keras.Model(model.inputs, {layer.name: layer.output for layer in model.layers})
    status = finished.status()
    for epoch in range(status.epoch + 1):
        model.load_weights(finished.weights(epoch))
        expected = taps.predict(images[..., None], verbose=0)
        classifier = load(finished, epoch)
        for some in (images[:3], images):
            shares = classifier.probabilities(some)
            np.testing.assert_allclose(shares, expected["output"][: len(some)], atol=1e-5)
        activations = classifier.activations(images[7])
        assert list(activations) == [layer.name for layer in model.layers]
        for name, values in activations.items():
            np.testing.assert_allclose(values, expected[name][7], rtol=1e-4, atol=1e-5)
    assert load(finished, "last").epoch == status.epoch
    assert load(finished).epoch == (status.best_epoch or status.epoch)
