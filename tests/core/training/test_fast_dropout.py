"""The fast dropout drops and scales like Keras's, and is reproducible."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.training.fast_layers import Dropout

ONES = tf.ones((301, 333))


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_the_rate_of_units_is_dropped_and_the_others_are_scaled_up(rate, dtype):
    output = Dropout(rate, dtype=dtype, seed=1)(ONES, training=True).numpy().astype(np.float32)
    # six standard deviations
    assert (output == 0).mean() == pytest.approx(rate, abs=6 * np.sqrt(rate * (1 - rate) / output.size))
    kept = keras.layers.Dropout(rate, dtype=dtype, seed=1)(ONES, training=True).numpy().astype(np.float32).max()
    np.testing.assert_allclose(np.unique(output), [0, kept], rtol=1e-4)


def test_neighbors_are_dropped_independently():
    left_out = Dropout(0.5, seed=2)(ONES, training=True).numpy() == 0
    for other in (np.roll(left_out, 1, axis=1), np.roll(left_out, 2, axis=1), np.roll(left_out, 1, axis=0)):
        assert abs(np.corrcoef(left_out.ravel(), other.ravel())[0, 1]) < 6 / np.sqrt(left_out.size)


def test_dropped_units_have_no_gradient():
    layer = Dropout(0.5, seed=3)
    with tf.GradientTape() as tape:
        tape.watch(ONES)
        output = layer(ONES, training=True)
    np.testing.assert_array_equal(tape.gradient(output, ONES), output)


def test_calls_differ_and_a_seed_reproduces_them():
    first, again = Dropout(0.5, seed=4), Dropout(0.5, seed=4)
    calls = [first(ONES, training=True).numpy() for _ in range(2)]
    assert (calls[0] != calls[1]).any()
    for expected in calls:
        np.testing.assert_array_equal(again(ONES, training=True), expected)


def test_nothing_is_dropped_when_not_training():
    np.testing.assert_array_equal(Dropout(0.5)(ONES, training=False), ONES)
    np.testing.assert_array_equal(Dropout(0.0)(ONES, training=True), ONES)
