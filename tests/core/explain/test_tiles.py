"""Weights and activations as pictures keep every number in its place."""

import numpy as np
import pytest

from core.explain.tiles import channel_tiles, rows_as_pictures, shades, strength, strongest_first


def test_ink_is_proportional_for_both_signs():
    drawn = shades(np.array([[[0.0, 1.0], [-2.0, 0.5]]], np.float32))
    assert drawn.above.tolist() == [[[0, 128], [0, 64]]]
    assert drawn.below is not None and drawn.below.tolist() == [[[0, 0], [255, 0]]]


def test_values_without_negatives_have_one_picture_unless_signed():
    values = np.ones((3, 2, 2), np.float32)
    assert shades(values).below is None
    assert shades(values, signed=True).below is not None
    assert shades(values * 0).above.max() == 0


def test_each_channel_is_a_tile_in_reading_order():
    stacks = np.arange(5, dtype=np.float32) + np.ones((1, 2, 2, 5), np.float32)
    (square,) = channel_tiles(stacks)
    assert square.shape == (8, 8)
    assert [square[0, 0], square[0, 3], square[0, 6], square[3, 0], square[3, 3]] == [1, 2, 3, 4, 5]
    assert square[2].max() == square[:, 2].max() == 0


@pytest.mark.parametrize(("shape", "side"), [((28, 28, 1), 28), ((7, 7, 36), 42), ((6, 6, 50), 48), ((128,), 12)])
def test_rows_become_squares_with_all_their_values(shape, side):
    rows = np.random.default_rng(0).normal(size=(2, int(np.prod(shape)))).astype(np.float32)
    pictures = rows_as_pictures(rows, shape)
    assert pictures.shape == (2, side, side)
    assert sorted(pictures[1][pictures[1] != 0]) == sorted(rows[1])


def test_strongest_first_keeps_the_order_of_ties():
    maps = np.zeros((2, 2, 3), np.float32)
    maps[0, 0] = [1, -4, 1]
    assert strength(maps).tolist() == [0.25, 1, 0.25]
    assert strongest_first(strength(maps)).tolist() == [1, 0, 2]
