"""Digits of many builds are drawn reproducibly, and are still the same digits."""

import numpy as np
import pytest

from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from research.handwriting.builds import BUILDS, drawings, drawings_as_written
from research.handwriting.nondigits import DIGITS, written
from research.handwriting.strokes import PenDigit


@pytest.fixture(scope="module")
def pen_digits():
    random = np.random.default_rng(3)
    return [PenDigit(label, "1", tuple(written(template, random))) for label, template in enumerate(DIGITS)]


def test_drawings_differ_and_are_reproducible(pen_digits):
    images = drawings(pen_digits, 30)
    assert (images.shape, images.dtype, images.min(), images.max()) == ((30, 28, 28), np.float32, 0, 1)
    assert len({image.tobytes() for image in images}) == 30
    np.testing.assert_array_equal(drawings(pen_digits, 10), images[:10])
    assert not np.array_equal(drawings_as_written(pen_digits, 10), images[:10])


@pytest.mark.slow  # the judge of the digits is the shipped network
def test_every_digit_has_builds_that_are_read_as_it(pen_digits):
    assert sorted(BUILDS) == list(range(10))
    labels = np.arange(300) % 10
    read = load(RunFolder(SHIPPED_DIR / "handwriting")).probabilities(drawings(pen_digits, 300)).argmax(axis=1)
    assert (read == labels).mean() > 0.93
