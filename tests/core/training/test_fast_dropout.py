"""The quick dropout leaves out as many units as Keras's, grows the others as much, and is reproducible."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.training.fast_layers import Dropout

ONES = tf.ones((301, 333))


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_share_is_left_out_and_the_rest_grows_to_match(rate, dtype):
    output = Dropout(rate, dtype=dtype, seed=1)(ONES, training=True).numpy().astype(np.float32)
    # six standard deviations
    assert (output == 0).mean() == pytest.approx(rate, abs=6 * np.sqrt(rate * (1 - rate) / output.size))
    kept = keras.layers.Dropout(rate, dtype=dtype, seed=1)(ONES, training=True).numpy().astype(np.float32).max()
    np.testing.assert_allclose(np.unique(output), [0, kept], rtol=1e-4)


def test_neighbors_are_left_out_independently():
    left_out = Dropout(0.5, seed=2)(ONES, training=True).numpy() == 0
    for other in (np.roll(left_out, 1, axis=1), np.roll(left_out, 2, axis=1), np.roll(left_out, 1, axis=0)):
        assert abs(np.corrcoef(left_out.ravel(), other.ravel())[0, 1]) < 6 / np.sqrt(left_out.size)


def test_what_is_left_out_learns_nothing():
    layer = Dropout(0.5, seed=3)
    with tf.GradientTape() as tape:
        tape.watch(ONES)
        output = layer(ONES, training=True)
    np.testing.assert_array_equal(tape.gradient(output, ONES), output)


def test_each_call_differs_and_a_seed_brings_them_again():
    first, again = Dropout(0.5, seed=4), Dropout(0.5, seed=4)
    calls = [first(ONES, training=True).numpy() for _ in range(2)]
    assert (calls[0] != calls[1]).any()
    for expected in calls:
        np.testing.assert_array_equal(again(ONES, training=True), expected)


def test_nothing_is_left_out_when_not_training():
    np.testing.assert_array_equal(Dropout(0.5)(ONES, training=False), ONES)
    np.testing.assert_array_equal(Dropout(0.0)(ONES, training=True), ONES)
