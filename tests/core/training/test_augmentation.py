"""The distortion in pages is the one that training does."""

import math

import numpy as np
import pytest
import tensorflow as tf

from core.config.augmentation import AUGMENTATIONS, Augmentation
from core.data import datasets
from core.explain.distortion import Distortion, distorted
from core.training.augmentation import distort

SEED = (7, 11)


def drawn(salt, most, shape):
    """What the worker draws, which its function does not tell."""
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
def test_the_same_amounts_give_the_same_digits(amounts):
    images = datasets.load("mnist-5k").train_images[:12].astype(np.float32) / 255
    count = len(images)
    one = [count, 1, 1]
    turns = drawn(1, math.radians(amounts.rotation), one).ravel()
    slants, talls, wides = (
        drawn(salt, most, one).ravel() for salt, most in ((2, amounts.shear), (3, amounts.zoom), (4, amounts.zoom))
    )
    bends = drawn(5, amounts.elastic, [count, 7, 7, 2])
    ups, lefts = (drawn(salt, 28 * amounts.shift, one).ravel() for salt in (6, 7))
    expected = distort(
        tf.constant(images[..., None]),
        tf.constant(SEED),
        shift=amounts.shift,
        rotation=amounts.rotation,
        zoom=amounts.zoom,
        shear=amounts.shear,
        elastic=amounts.elastic,
    ).numpy()[..., 0]
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
        assert np.allclose(distorted(image, by), expected[i], atol=2e-4)
