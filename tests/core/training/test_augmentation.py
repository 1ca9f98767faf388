"""Pages distort digits as training does."""

import math
from dataclasses import asdict

import numpy as np
import pytest
import tensorflow as tf

from core.config.augmentation import AUGMENTATIONS, Augmentation
from core.data import datasets
from core.explain.distortion import Distortion, distorted
from core.training.augmentation import distort

SEED = (7, 11)


def drawn(salt, most, shape):
    """The random amounts that the worker's function draws but does not return."""
    return tf.random.stateless_uniform(shape, tf.add(SEED, [0, salt]), -most, most).numpy()


@pytest.mark.parametrize(
    "amounts",
    [
        *AUGMENTATIONS.values(),
        Augmentation(shift=0.3, rotation=0, zoom=0, shear=0, elastic=0),
        Augmentation(shift=0, rotation=170, zoom=0, shear=0, elastic=0),
        Augmentation(shift=0, rotation=0, zoom=0.6, shear=0, elastic=0),
        Augmentation(shift=0, rotation=0, zoom=0, shear=0.9, elastic=0),
        Augmentation(shift=0, rotation=0, zoom=0, shear=0, elastic=6),
    ],
)
def test_pages_and_training_distort_alike(amounts):
    images = datasets.load("mnist-5k").train_images[:12].astype(np.float32) / 255
    check(images, images[..., None], amounts)


def test_colored_images_of_any_sides_are_distorted_alike():
    images = np.random.default_rng(1).random((3, 12, 9, 3), np.float32)
    # TensorFlow reads the weights of the smooth field from a table, and noise is not smooth
    check(images, images, AUGMENTATIONS["strong"], near=3e-3)


def check(images, with_channels, amounts, near=2e-4):
    """Compare the worker's distortion with that of pages, each image with the amounts that the worker drew."""
    count, height, width = images.shape[:3]
    one = [count, 1, 1]
    turns = drawn(1, math.radians(amounts.rotation), one).ravel()
    slants, talls, wides = (
        drawn(salt, most, one).ravel() for salt, most in ((2, amounts.shear), (3, amounts.zoom), (4, amounts.zoom))
    )
    bends = drawn(5, amounts.elastic, [count, 7, 7, 2])
    ups, lefts = (drawn(salt, side * amounts.shift, one).ravel() for salt, side in ((6, height), (7, width)))
    expected = distort(tf.constant(with_channels), tf.constant(SEED), **asdict(amounts)).numpy().reshape(images.shape)
    for i, image in enumerate(images):
        by = Distortion(
            down=-ups[i],
            right=-lefts[i],
            turned=-turns[i],
            taller=1 + talls[i],
            wider=1 + wides[i],
            slant=slants[i],
            bend=bends[i],
        )
        assert np.allclose(distorted(image, by), expected[i], atol=near)
