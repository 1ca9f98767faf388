"""The fast batch normalization equals Keras's: the same outputs, gradients and moving statistics."""

import keras
import numpy as np
import tensorflow as tf

from core.data.datasets import load
from core.training.fast_layers import BatchNormalization

PIXELS = load("mnist-5k").train_images[:48].astype(np.float32)[..., None] / 255
IMAGES = tf.constant(PIXELS - 0.3 * PIXELS[:, ::-1])


def pair(shape=(28, 28, 1), **settings):
    layers = [
        kind(momentum=0.9, name="n", **settings) for kind in (keras.layers.BatchNormalization, BatchNormalization)
    ]
    for layer in layers:
        layer.build((None, *shape))
        layer.gamma.assign([1.7] * shape[-1])
        layer.beta.assign([-0.4] * shape[-1])
    return layers


def test_outputs_gradients_and_statistics_equal_those_of_keras():
    found = []
    for layer in pair():
        with tf.GradientTape() as tape:
            tape.watch(IMAGES)
            output = layer(IMAGES, training=True)
            loss = tf.reduce_sum(tf.sin(output) * IMAGES)
        gradients = tape.gradient(loss, [IMAGES, layer.gamma.value, layer.beta.value])
        found.append([output, *gradients, layer.moving_mean.value, layer.moving_variance.value])
    for keras_own, ours in zip(*found, strict=True):
        # the kernel sums in another order
        np.testing.assert_allclose(ours, keras_own, rtol=0, atol=5e-4 * np.abs(keras_own).max())


def test_bfloat16_outputs_equal_those_of_keras_within_precision():
    outputs = [layer(tf.cast(IMAGES, tf.bfloat16), training=True) for layer in pair(dtype="mixed_bfloat16")]
    assert outputs[1].dtype == tf.bfloat16
    np.testing.assert_allclose(*[tf.cast(output, tf.float32) for output in outputs], atol=0.05)


def test_the_statistics_do_not_change_when_not_training():
    keras_own, ours = pair()
    np.testing.assert_array_equal(ours(IMAGES, training=False), keras_own(IMAGES, training=False))
    assert float(ours.moving_mean[0]) == 0.0


def test_units_of_a_dense_layer_are_normalized_as_by_keras():
    keras_own, ours = pair((8,))
    rows = tf.random.stateless_normal([32, 8], [1, 2])
    np.testing.assert_allclose(ours(rows, training=True), keras_own(rows, training=True), atol=1e-6)
