"""Faster Keras layers: batch normalization by one kernel, dropout from half as many random numbers."""

from typing import Any

import keras
import tensorflow as tf

_BITS = 16
"""Random bits for each unit in dropout: the rate is exact within 1/65,536."""


class BatchNormalization(keras.layers.BatchNormalization):
    """Keras's layer with the same weights; in training, one pass normalizes the channels of images.

    Keras composes batch normalization (Ioffe and Szegedy, 2015) from a dozen operations, which take a third of an epoch
    of a convolutional network; here one TensorFlow kernel computes it, and one its gradient.
    """

    def call(self, inputs: tf.Tensor, training: bool | None = None, mask: Any = None) -> tf.Tensor:
        if not training or inputs.shape.rank != 4:
            return super().call(inputs, training=training, mask=mask)
        nothing = tf.zeros([0])
        normalized, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=self.gamma,
            offset=self.beta,
            mean=nothing,
            variance=nothing,
            epsilon=self.epsilon,
            is_training=True,
        )
        values = tf.cast(tf.size(inputs) // tf.shape(inputs)[-1], tf.float32)
        for moving, seen in (
            (self.moving_mean, mean),
            # the kernel returns the unbiased variance, Keras keeps the biased one
            (self.moving_variance, variance * (values - 1) / values),
        ):
            moving.assign(self.momentum * moving + (1 - self.momentum) * seen)
        return normalized


class Dropout(keras.layers.Dropout):
    """Keras's layer: in training, drops each unit with probability `rate` and scales up the others.

    Keras draws a number per unit in the layer's precision; in bfloat16 that takes an eighth of an epoch of a small
    convolutional network. Here one 32-bit number serves two units.
    """

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        if not training or self.rate == 0:
            return inputs
        dropped = round(self.rate * 2**_BITS)
        count, shape = tf.size(inputs), tf.shape(inputs)
        seed = tf.cast(self.seed_generator.next(), tf.int32)
        numbers = tf.random.stateless_uniform([(count + 1) // 2], seed, minval=None, maxval=None, dtype=tf.uint32)
        bits = tf.reshape(tf.reshape(tf.bitcast(numbers, tf.uint16), [-1])[:count], shape)
        # multiplying is faster than selecting, here and in the gradient
        factor = tf.cast(bits >= dropped, inputs.dtype) * tf.cast(1 / (1 - dropped / 2**_BITS), inputs.dtype)
        return inputs * factor
