"""Batch statistics for averaged weights: those collected in training belong to the raw weights."""

from itertools import pairwise
from math import prod

import keras
import numpy as np
import tensorflow as tf

from core.array_types import Bytes
from core.config.layers import BatchNormalization
from core.config.run import RunConfig
from core.training.images import scaled_images

MOST_IMAGES = 2_000
LARGEST_OUTPUT_BYTES = 96 * 1024**2
"""Bounds the sample, since the outputs of a layer for the whole sample are in memory at once."""

_BATCH = 250


def statistics_sample(config: RunConfig, images: Bytes) -> Bytes | None:
    """The training images, out of uint8 (n, *image_shape), for the statistics: the same ones after every epoch.

    None for runs without weight averaging or without batch normalization, which do not need it.
    """
    layers = config.all_layers
    if not config.weight_averaging or not any(isinstance(layer, BatchNormalization) for layer in layers):
        return None
    values = max(prod(row.output_shape) for row in config.layer_table)
    count = min(len(images), MOST_IMAGES, max(_BATCH, LARGEST_OUTPUT_BYTES // (4 * values)))
    chosen = np.random.default_rng(config.seed).choice(len(images), count, replace=False)
    sample: Bytes = images[np.sort(chosen)]
    return sample


def take_statistics(network: keras.Model, images: Bytes) -> None:
    """Set the moving mean and variance of each batch normalization to those of its inputs for uint8 images.

    Goes layer by layer, so that later layers see the outputs of already updated ones.
    """
    starts = [*range(0, len(images), _BATCH), len(images)]
    outputs = [scaled_images(tf.constant(images[a:b])) for a, b in pairwise(starts)]
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            mean, variance = _moments(outputs)
            layer.moving_mean.assign(mean)
            layer.moving_variance.assign(variance)
        for number, batch in enumerate(outputs):
            # in place, so that a layer's inputs and outputs are not all in memory together
            outputs[number] = layer(batch, training=False)


def _moments(batches: list[tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor]:
    """Mean and variance of each channel over all batches."""
    places = list(range(1, batches[0].ndim - 1))
    # per image first, since float32 loses precision in a sum over all images
    means = tf.concat([tf.reduce_mean(batch, places) for batch in batches], axis=0)
    variances = tf.concat([tf.math.reduce_variance(batch, places) for batch in batches], axis=0)
    mean = tf.reduce_mean(means, axis=0)
    return mean, tf.reduce_mean(variances + tf.square(means - mean), axis=0)
