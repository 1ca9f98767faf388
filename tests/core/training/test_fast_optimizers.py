"""The fast optimizers equal Keras's: the same weights and state after the same updates."""

import keras
import numpy as np
import pytest

from core.config.network import MLP
from core.config.run import RunConfig
from core.data.datasets import load
from core.training.networks import build_network, build_optimizer

DIGITS = load("mnist-5k")
IMAGES = DIGITS.train_images[:320].astype(np.float32)[..., None] / 255
LABELS = DIGITS.train_labels[:320].astype(np.int32)

SETTINGS = [
    {"optimizer": "rmsprop"},
    pytest.param({"optimizer": "adam"}, marks=pytest.mark.slow),
    {"optimizer": "adamw", "weight_decay": 0.05},
    pytest.param({"optimizer": "sgd", "momentum": 0.0, "learning_rate": 0.1}, marks=pytest.mark.slow),
    {"optimizer": "sgd", "momentum": 0.9, "learning_rate": 0.05},
    {"optimizer": "adam", "weight_averaging": True, "averaging_decay": 0.9},
]


def trained(network, optimizer, *, precision="float32", rate=None):
    """The weights and the optimizer's variables by name after ten updates; `rate` is set after the fifth."""
    keras.utils.set_random_seed(1)
    model = build_network(RunConfig(network=network), precision, quick=True)
    model.compile(optimizer, "sparse_categorical_crossentropy", steps_per_execution=5)
    model.fit(IMAGES[:160], LABELS[:160], batch_size=32, shuffle=False, verbose=0)
    if rate:
        optimizer.learning_rate = rate
    model.fit(IMAGES[160:], LABELS[160:], batch_size=32, shuffle=False, verbose=0)
    return [weight.numpy() for weight in model.weights], {one.path: one.numpy() for one in optimizer.variables}


def pair(**settings):
    """Keras's optimizer and ours with the same settings."""
    ours = build_optimizer(RunConfig(**settings))
    keras_own = getattr(keras.optimizers, type(ours).__name__)
    return keras_own.from_config(ours.get_config()), ours


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: " ".join(map(str, settings.values())))
def test_weights_and_state_equal_those_of_keras(settings):
    keras_own, ours = pair(**settings)
    assert type(keras_own) is not type(ours)
    network = MLP(hidden_units=(32,))
    keras.utils.set_random_seed(1)
    begun = build_network(RunConfig(network=network)).get_weights()
    (expected, state), (found, ours_state) = (trained(network, one, rate=0.003) for one in (keras_own, ours))
    for one, other, first in zip(found, expected, begun, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=2e-5)
        assert np.abs(one - first).max() > 1e-4
    assert ours_state.keys() == state.keys()
    for name, value in state.items():
        np.testing.assert_allclose(ours_state[name], value, rtol=1e-3, atol=2e-5, err_msg=name)


def test_in_bfloat16_weights_stay_float32():
    keras_own, ours = pair(optimizer="rmsprop")
    network = MLP(hidden_units=(32,))
    (expected, _), (found, _) = (trained(network, one, precision="bfloat16") for one in (keras_own, ours))
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == np.float32
        # where a gradient is about zero, the first steps have the sign of its rounding
        assert np.mean(np.abs(one - other)) < 2e-4
