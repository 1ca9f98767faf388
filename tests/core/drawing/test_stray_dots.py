"""A dot far from the digit is left out, and a part of the digit is not."""

import numpy as np
import pytest

from core.drawing.spots import spots
from core.drawing.to_mnist import to_mnist
from research.handwriting.strokes import render
from tests.hand_drawn import DIGITS


def drawn(strokes, size=110, place=(80, 140), pen=12):
    return render([np.array(points, np.float32) for points in strokes], size, place, pen)


def dot(x, y, size=12):
    return drawn([[(0, 0), (0.01, 0)]], size, (x, y), size)


@pytest.mark.parametrize("digit", DIGITS)
def test_a_dot_far_away_changes_nothing(digit):
    alone = drawn(DIGITS[digit])
    np.testing.assert_array_equal(to_mnist(np.maximum(alone, dot(230, 40))), to_mnist(alone))


def test_a_dot_nearby_and_a_stroke_far_away_stay():
    alone = drawn(DIGITS[7])
    for more in (dot(80, 215), drawn([[(0, 0), (0, 1)]], 60, (230, 140))):
        assert np.abs(to_mnist(np.maximum(alone, more)) - to_mnist(alone)).max() > 0.5


def test_dots_alone_stay():
    assert len(spots(to_mnist(np.maximum(dot(60, 60), dot(220, 220))) > 0.3)) == 2
