"""Ink alone distinguishes one digit, even in parts, from a blot and from several digits."""

import numpy as np
import pytest

from core.data.datasets import load
from core.drawing.one_digit import could_be_one_digit, is_blot
from core.drawing.to_mnist import to_mnist
from research.handwriting.strokes import render


def drawn(*strokes, size=200, pen=14):
    return to_mnist(render([np.array(points, np.float32) for points in strokes], size, (140, 140), pen))


ONE_IN_TWO_STROKES = {
    "5 with a loose bar": [[(5, 12), (4, 45), (40, 45), (45, 80), (0, 95)], [(18, 0), (70, 0)]],
    "4 of two strokes": [[(0, 0), (0, 55), (40, 55)], [(62, 5), (62, 100)]],
    "slashed 0": [[(30, 0), (0, 50), (30, 100), (60, 50), (30, 0)], [(75, 5), (-10, 95)]],
    "1 with a flag apart": [[(0, 25), (12, 15)], [(30, 0), (30, 100)]],
}


@pytest.mark.parametrize("strokes", ONE_IN_TWO_STROKES.values(), ids=ONE_IN_TWO_STROKES)
@pytest.mark.parametrize("pen", [6, 20, 36])
def test_a_digit_in_parts_counts_as_one(strokes, pen):
    assert could_be_one_digit(drawn(*strokes, pen=pen))


def test_two_digits_do_not_count_as_one():
    one, seven = [(0, 0), (0, 100)], [(50, 0), (110, 0), (75, 100)]
    assert could_be_one_digit(drawn(seven))
    assert not could_be_one_digit(drawn(one, seven))
    assert not could_be_one_digit(drawn(one, [(50, 5), (50, 98)]))


def test_filled_shapes_are_not_digits():
    rows = np.repeat(np.arange(0, 101, 4), 2)
    assert not could_be_one_digit(drawn(np.stack([np.resize([0, 90, 90, 0], len(rows)), rows], axis=1)))
    around = np.linspace(0, 2 * np.pi, 40)
    ring = np.stack([40 * np.cos(around), 50 * np.sin(around)], axis=1)
    assert could_be_one_digit(drawn(ring, pen=36))


def test_a_thick_pen_on_a_small_digit_is_a_blot_but_a_filled_rectangle_is_not():
    assert is_blot(drawn([(10, 0), (70, 0), (30, 100)], size=70, pen=30))
    assert not is_blot(drawn([(10, 0), (70, 0), (30, 100)], size=140, pen=30))
    table = np.zeros((28, 28), np.float32)
    table[4:24, 6:22] = 1
    assert not is_blot(table)
    assert not could_be_one_digit(table)


def test_an_image_without_ink_passes():
    assert could_be_one_digit(np.zeros((28, 28), np.float32))


def test_real_digits_pass():
    images = load("mnist-5k").test_images
    assert np.mean([could_be_one_digit(image.astype(np.float32) / 255) for image in images]) >= 0.998
