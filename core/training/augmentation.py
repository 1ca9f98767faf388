"""Random shift, rotation, zoom, shear and elastic distortion of digits in one resampling.

The Keras script of a run contains the function as it is here, hence its short lines.
"""

import math

import tensorflow as tf


def distort(
    images: tf.Tensor,
    seed: tf.Tensor,
    *,
    shift: float,
    rotation: float,
    zoom: float,
    shear: float,
    elastic: float,
) -> tf.Tensor:
    """Change each image, float32 (n, 28, 28, 1), by random amounts of its own.

    The same seed int32 (2,) gives the same change. `shift` is a share of the width,
    `rotation` is in degrees, `zoom` a share of the size, `shear` a slope; `elastic` is
    the most pixels by which a coarse random field moves a pixel (after Simard,
    Steinkraus and Platt, 2003).
    """
    count = tf.shape(images)[0]

    def random(salt: int, amount: float) -> tf.Tensor:
        own = tf.add(seed, [0, salt])
        return tf.random.stateless_uniform([count, 1, 1], own, -amount, amount)

    middle = tf.range(28.0) - 13.5
    row, column = tf.meshgrid(middle, middle, indexing="ij")
    angle, slant = random(1, math.radians(rotation)), random(2, shear)
    height, width = 1 + random(3, zoom), 1 + random(4, zoom)
    turned_row = (tf.cos(angle) * row + tf.sin(angle) * column) / height
    turned_column = (tf.cos(angle) * column - tf.sin(angle) * row) / width
    turned_column += slant * row
    own = tf.add(seed, [0, 5])
    coarse = tf.random.stateless_uniform([count, 7, 7, 2], own, -elastic, elastic)
    bend = tf.image.resize(coarse, [28, 28], "bicubic")
    source_row = turned_row + bend[..., 0] + 13.5 + random(6, 28 * shift)
    source_column = turned_column + bend[..., 1] + 13.5 + random(7, 28 * shift)

    # a border of one pixel of paper, so that everything outside the image is paper
    bordered = tf.pad(images[..., 0], [[0, 0], [1, 1], [1, 1]])
    padded = tf.reshape(bordered, [count, 30 * 30])
    source_row = tf.clip_by_value(source_row + 1, 0.0, 28.999)
    source_column = tf.clip_by_value(source_column + 1, 0.0, 28.999)
    top, left = tf.floor(source_row), tf.floor(source_column)
    down, right = source_row - top, source_column - left
    corner = tf.cast(top * 30 + left, tf.int32)

    def pixels(offset: int) -> tf.Tensor:
        return tf.gather(padded, corner + offset, batch_dims=1)

    upper = (1 - right) * pixels(0) + right * pixels(1)
    lower = (1 - right) * pixels(30) + right * pixels(31)
    return ((1 - down) * upper + down * lower)[..., None]
