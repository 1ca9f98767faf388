"""Log-probabilities, their compact form and their scores."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.data.datasets import load
from core.runs.predictions import compact
from core.training.evaluation import Evaluator, score
from core.training.networks import build_network
from core.training.objective import training_loss


def test_predictions_equal_those_of_keras():
    keras.utils.set_random_seed(3)
    network = build_network(PRESETS["cnn"])
    images = load("mnist-5k").test_images[:40]
    expected = np.log(network.predict(images[..., None].astype(np.float32) / 255, verbose=0))
    np.testing.assert_allclose(Evaluator(network).log_probabilities(images), expected, atol=1e-4)


@pytest.mark.parametrize("loss", RunConfig.rules["loss"].options)
def test_scores_equal_those_of_keras(loss):
    random = np.random.default_rng(0)
    logits = random.normal(size=(200, 10)).astype(np.float32)
    log_probabilities = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    labels = random.integers(0, 10, 200)
    config = PRESETS["mlp"].replace(loss=loss, label_smoothing=0.2)
    result = score(config, log_probabilities, labels, penalty=0.5)
    expected = keras.losses.get(training_loss(config))(labels, np.exp(log_probabilities))
    assert result.loss == pytest.approx(float(np.mean(expected)) + 0.5, rel=1e-5)
    assert result.accuracy == np.mean(log_probabilities.argmax(1) == labels)


@given(arrays.arrays(np.float32, (4, 10), elements=st.floats(-1e5, 0, width=32)))
def test_the_compact_form_keeps_the_predicted_classes(log_probabilities):
    small = compact(log_probabilities)
    assert small.dtype == np.float16
    assert list(small.argmax(1)) == list(log_probabilities.argmax(1))


def test_classes_that_round_to_the_same_value_keep_their_order():
    row = np.full((1, 10), -9.0, np.float32)
    row[0, 3], row[0, 7] = -0.693150, -0.693147
    assert row.astype(np.float16).argmax() == 3
    assert compact(row).argmax() == 7
