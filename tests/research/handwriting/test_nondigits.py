"""Non-digits are drawn by code, in many kinds and reproducibly."""

import numpy as np
import pytest

from core.drawing.to_mnist import to_mnist
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from research.handwriting.nondigits import KINDS, PLAIN_DIGITS, SMALL_CANVAS, draw, nondigits, plain_digits


def test_nondigits_differ_and_are_reproducible():
    images = nondigits(60)
    assert (images.shape, images.dtype, images.min(), images.max()) == ((60, 28, 28), np.float32, 0, 1)
    assert len({image.tobytes() for image in images}) == 60
    np.testing.assert_array_equal(nondigits(20), images[:20])
    assert nondigits(0).shape == (0, 28, 28)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_fits_the_canvas(kind):
    random = np.random.default_rng(4)
    for _ in range(8):
        drawing = draw(KINDS[kind][1](random), random)
        assert drawing.shape == (280, 280, 4)
        seen = np.flatnonzero(drawing[..., 3].any(axis=0))
        assert 20 <= max(np.ptp(seen), np.ptp(np.flatnonzero(drawing[..., 3].any(axis=1)))) <= 242


def test_a_small_canvas_gives_the_same_digit():
    large, small = (
        to_mnist(draw(KINDS["house"][1](random), random, side))
        for side in (280, SMALL_CANVAS)
        for random in [np.random.default_rng(9)]
    )
    assert np.abs(large - small).mean() < 0.02


def test_plain_digits_are_read_correctly():
    labels = [*range(10), 0, 0, 1, 1]
    assert len(labels) == len(PLAIN_DIGITS)
    images = plain_digits(10 * len(labels))
    read = load(RunFolder(SHIPPED_DIR / "handwriting")).probabilities(images).argmax(axis=1)
    assert (read == 10 * labels).mean() > 0.97
