"""Keras's dropout by half as many random numbers."""

import keras
import tensorflow as tf

_BITS = 16
"""Of a random number, for each unit: the rate is met within 1/65,536."""


class Dropout(keras.layers.Dropout):
    """The same layer: while training, each unit is left out with the probability `rate`, the others grow to match.

    Keras draws a number for each unit in the precision of the layer and compares; in bfloat16 that takes an eighth of
    an epoch of a small convolutional network. Here one number of 32 bits serves two units.
    """

    def call(self, inputs: tf.Tensor, training: bool = False) -> tf.Tensor:
        if not training or self.rate == 0:
            return inputs
        left_out = round(self.rate * 2**_BITS)
        count, shape = tf.size(inputs), tf.shape(inputs)
        seed = tf.cast(self.seed_generator.next(), tf.int32)
        numbers = tf.random.stateless_uniform([(count + 1) // 2], seed, minval=None, maxval=None, dtype=tf.uint32)
        bits = tf.reshape(tf.reshape(tf.bitcast(numbers, tf.uint16), [-1])[:count], shape)
        # as a factor, which is quicker than a choice, here and in its gradient
        factor = tf.cast(bits >= left_out, inputs.dtype) * tf.cast(1 / (1 - left_out / 2**_BITS), inputs.dtype)
        return inputs * factor
