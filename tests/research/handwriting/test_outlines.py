"""Outlines differ each time, and lines that meet stay together."""

import numpy as np
import pytest

from research.handwriting.outlines import _SHAPES, outline


def test_outlines_differ_and_are_the_same_for_the_same_numbers():
    found = [np.concatenate(outline(np.random.default_rng(number))) for number in range(30)]
    assert len({points.tobytes() for points in found}) == 30
    assert all(points.dtype == np.float32 and 0.5 < np.ptp(points, axis=0).max() < 2 for points in found)
    np.testing.assert_array_equal(np.concatenate(outline(np.random.default_rng(3))), found[3])


@pytest.mark.parametrize("shape", dict.fromkeys(_SHAPES))
def test_each_shape_is_in_one_piece(shape):
    strokes = shape(np.random.default_rng(1))
    points = np.concatenate(strokes)
    assert np.isfinite(points).all()
    for stroke in strokes[1:]:
        # some point lies near another stroke's line
        others = np.concatenate([_dense(other) for other in strokes if other is not stroke])
        assert np.hypot(*(stroke[:, None] - others).T).min() < 0.05


def _dense(stroke):
    steps = np.linspace(0, len(stroke) - 1, 400)
    return np.stack([np.interp(steps, np.arange(len(stroke)), axis) for axis in stroke.T], axis=1)
