"""Random shift, rotation, zoom, shear and elastic distortion of images in one resampling.

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
    """Change each image, float32 (n, height, width, channels), by random amounts.

    The same seed int32 (2,) gives the same change. `shift` is a share of the sides,
    `rotation` is in degrees, `zoom` a share of the size, `shear` a slope; `elastic` is
    the most pixels by which a coarse random field moves a pixel (after Simard,
    Steinkraus and Platt, 2003).
    """
    count = tf.shape(images)[0]
    height, width, channels = images.shape[1:]
    half_row, half_column = (height - 1) / 2, (width - 1) / 2

    def random(salt: int, amount: float) -> tf.Tensor:
        own = tf.add(seed, [0, salt])
        return tf.random.stateless_uniform([count, 1, 1], own, -amount, amount)

    row = tf.range(float(height)) - half_row
    column = tf.range(float(width)) - half_column
    row, column = tf.meshgrid(row, column, indexing="ij")
    angle, slant = random(1, math.radians(rotation)), random(2, shear)
    taller, wider = 1 + random(3, zoom), 1 + random(4, zoom)
    turned_row = (tf.cos(angle) * row + tf.sin(angle) * column) / taller
    turned_column = (tf.cos(angle) * column - tf.sin(angle) * row) / wider
    turned_column += slant * row
    own = tf.add(seed, [0, 5])
    coarse = tf.random.stateless_uniform([count, 7, 7, 2], own, -elastic, elastic)
    bend = tf.image.resize(coarse, [height, width], "bicubic")
    source_row = turned_row + bend[..., 0] + half_row
    source_row += random(6, height * shift)
    source_column = turned_column + bend[..., 1] + half_column
    source_column += random(7, width * shift)

    # a border of one blank pixel, so that everything outside the image is blank
    line = width + 2
    bordered = tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]])
    padded = tf.reshape(bordered, [count, (height + 2) * line, channels])
    source_row = tf.clip_by_value(source_row + 1, 0.0, height + 0.999)
    source_column = tf.clip_by_value(source_column + 1, 0.0, width + 0.999)
    top, left = tf.floor(source_row), tf.floor(source_column)
    down, right = (source_row - top)[..., None], (source_column - left)[..., None]
    corner = tf.cast(top * line + left, tf.int32)

    def pixels(offset: int) -> tf.Tensor:
        return tf.gather(padded, corner + offset, batch_dims=1)

    upper = (1 - right) * pixels(0) + right * pixels(1)
    lower = (1 - right) * pixels(line) + right * pixels(line + 1)
    return (1 - down) * upper + down * lower
