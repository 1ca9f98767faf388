"""Each amount changes a digit in the direction of its name."""

import math

import numpy as np
import pytest

from core.config.augmentation import AUGMENTATIONS
from core.explain.distortion import Distortion, distorted, random_bend, random_distortion


@pytest.fixture
def blob():
    """A square of ink to the right of the middle."""
    image = np.zeros((28, 28), np.float32)
    image[12:16, 19:23] = 1
    return image


def center(image):
    rows, columns = np.indices(image.shape)
    return (rows * image).sum() / image.sum() - 13.5, (columns * image).sum() / image.sum() - 13.5


def test_no_distortion_changes_nothing(blob):
    np.testing.assert_array_equal(distorted(blob, Distortion()), blob)


def test_a_shift_moves_the_ink_in_its_direction(blob):
    row, column = center(blob)
    assert center(distorted(blob, Distortion(right=2, down=-3))) == pytest.approx((row - 3, column + 2), abs=1e-4)


def test_ink_beyond_the_edge_is_lost(blob):
    assert distorted(blob, Distortion(right=27)).sum() == 0


def test_a_positive_rotation_is_clockwise(blob):
    row, column = center(blob)
    assert center(distorted(blob, Distortion(turned=math.pi / 2))) == pytest.approx((column, -row), abs=1e-2)


def test_zoom_enlarges_the_digit(blob):
    assert distorted(blob, Distortion(taller=1.5, wider=1.5)).sum() == pytest.approx(2.25 * blob.sum(), rel=0.1)


def test_a_positive_slant_leans_to_the_right():
    line = np.zeros((28, 28), np.float32)
    line[4:24, 13:15] = 1
    leaning = distorted(line, Distortion(slant=0.4))
    assert center(leaning[:10])[1] > 1
    assert center(leaning[18:])[1] < -1


def test_a_bend_is_a_smooth_field_of_the_given_size(blob):
    bend = random_bend(2, np.random.default_rng(0))
    assert np.abs(bend).max() <= 2
    assert not np.allclose(distorted(blob, Distortion(bend=bend)), blob)
    even = np.ones((7, 7, 2), np.float32)
    np.testing.assert_allclose(
        distorted(blob, Distortion(bend=even)), distorted(blob, Distortion(down=-1, right=-1)), atol=1e-5
    )


def test_random_amounts_stay_within_their_limits():
    random, amounts = np.random.default_rng(0), AUGMENTATIONS["strong"]
    drawn = [random_distortion(amounts, random, (28, 28)) for _ in range(400)]
    turned = [abs(math.degrees(one.turned)) for one in drawn]
    assert 0.95 * amounts.rotation < max(turned) <= amounts.rotation
    assert max(abs(one.right) for one in drawn) <= 28 * amounts.shift
    assert max(one.taller for one in drawn) <= 1 + amounts.zoom
    assert min(one.slant for one in drawn) < 0 < max(one.slant for one in drawn)
