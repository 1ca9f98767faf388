"""Batch statistics for averaged weights, and a run that uses them."""

import keras
import numpy as np
import pytest

from core.config.presets import PRESETS
from core.data.datasets import load, split
from core.training import normalization
from core.training.networks import build_network
from core.training.normalization import statistics_sample, take_statistics
from tests.core.training.conftest import SMALL_CNN, Trainer, epochs

AVERAGED = PRESETS["cnn"].replace(blocks="4@3-same-max,6@3-same-none", dense_units="12", weight_averaging=True)
DIGITS = np.asarray(load("mnist-5k").train_images)


def normalizations(network):
    return [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]


def inputs_of(network, layer, images):
    """The layer's inputs, float64 (values, channels), as Keras computes them."""
    scaled = images[..., None].astype(np.float32) / 255
    values = keras.Model(network.inputs, layer.input).predict(scaled, batch_size=100, verbose=0)
    return values.reshape(-1, values.shape[-1]).astype(np.float64)


@pytest.mark.parametrize("count", [260, 1])
def test_the_statistics_are_those_of_the_sample(count):
    keras.utils.set_random_seed(1)
    network = build_network(AVERAGED)
    take_statistics(network, DIGITS[:count])
    assert len(normalizations(network)) == 3
    for layer in normalizations(network):
        values = inputs_of(network, layer, DIGITS[:count])
        np.testing.assert_allclose(layer.moving_mean, values.mean(0), rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(layer.moving_variance, values.var(0), rtol=1e-4, atol=1e-7)


def test_only_weight_averaging_with_batch_normalization_needs_a_sample():
    assert statistics_sample(AVERAGED.replace(weight_averaging=False), DIGITS) is None
    assert statistics_sample(AVERAGED.replace(batch_normalization=False), DIGITS) is None
    assert statistics_sample(AVERAGED, DIGITS) is not None


def test_the_sample_is_reproducible_and_drawn_from_all_images():
    numbered = np.zeros((4000, 28, 28), np.uint8)
    numbered[:, 0, 0], numbered[:, 0, 1] = np.divmod(np.arange(4000), 256)
    first, again = (statistics_sample(AVERAGED, numbered) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    numbers = first[:, 0, 0].astype(int) * 256 + first[:, 0, 1]
    assert len(set(numbers)) == len(numbers) == normalization.MOST_IMAGES
    assert np.histogram(numbers, 4, (0, 4000))[0].min() > 400
    other = statistics_sample(AVERAGED.replace(seed=2), numbered)
    assert not np.array_equal(first, other)


def test_a_wide_network_takes_fewer_images():
    wide = AVERAGED.replace(blocks="40@3-same-max")
    sample = statistics_sample(wide, DIGITS)
    largest = max(np.prod(row.output_shape) for row in wide.layer_table)
    assert 95 < len(sample) * 4 * largest / 2**20 <= 96
    assert statistics_sample(wide, DIGITS[:90]).shape == (90, 28, 28)


@pytest.fixture(scope="module")
def averaged_run(tmp_path_factory):
    trainer = Trainer(tmp_path_factory.mktemp("averaged") / "runs")
    settings = ("weight_averaging=true", "averaging_decay=0.9", "augmentation=light", "batch_size=64")
    return trainer.train(*SMALL_CNN, *(part for s in settings for part in ("--set", s)))


def test_stored_weights_have_the_sample_s_statistics(averaged_run):
    config = averaged_run.manifest().config
    sample = statistics_sample(config, split(load("mnist-5k"), config.validation).train_images)
    for epoch in (1, 2):
        network = build_network(config)
        network.load_weights(averaged_run.weights(epoch))
        for layer in normalizations(network):
            values = inputs_of(network, layer, np.asarray(sample))
            np.testing.assert_allclose(layer.moving_mean, values.mean(0), rtol=1e-3, atol=1e-4)
            np.testing.assert_allclose(layer.moving_variance, values.var(0), rtol=1e-3, atol=1e-6)


def test_keras_gets_the_recorded_results_from_the_stored_weights(averaged_run):
    data = split(load("mnist-5k"), "last-20")
    scaled = np.asarray(data.validation_images)[..., None].astype(np.float32) / 255
    for row in epochs(averaged_run):
        network = build_network(averaged_run.manifest().config)
        network.load_weights(averaged_run.weights(int(row["epoch"])))
        network.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        loss, accuracy = network.evaluate(scaled, np.asarray(data.validation_labels), verbose=0)
        assert row["val_accuracy"] == pytest.approx(accuracy, abs=1e-6)
        assert row["val_loss"] == pytest.approx(loss, rel=1e-3)
        with np.load(averaged_run.predictions(int(row["epoch"]))) as stored:
            np.testing.assert_allclose(
                np.exp(stored["validation"].astype(np.float32)), network.predict(scaled, verbose=0), atol=2e-3
            )


def test_the_network_in_training_keeps_its_own_statistics(averaged_run):
    """Training continues from its moving statistics, of augmented batches and weights that are not averaged."""
    config = averaged_run.manifest().config
    stored, raw = build_network(config), build_network(config)
    stored.load_weights(averaged_run.weights(2))
    raw.load_weights(averaged_run.state(2))
    for kept, own in zip(normalizations(stored), normalizations(raw), strict=True):
        assert not np.allclose(kept.moving_variance, own.moving_variance, rtol=1e-2)
