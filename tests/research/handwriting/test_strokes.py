"""Strokes are read unchanged and drawn as on a canvas."""

import gzip
import json

import numpy as np
import pytest

from core.errors import DataUnavailable
from research.handwriting.strokes import read_pen_digits, render

LINE = [np.array([(0, 0), (10, 0)], np.float32)]


@pytest.mark.parametrize("content", [[], {}, [{"label": 1}], [{"label": 12, "writer": "1", "strokes": [[[0, 0]]]}], 3])
def test_another_file_is_reported(tmp_path, content):
    path = tmp_path / "pen.json.gz"
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    with pytest.raises(DataUnavailable, match="pen strokes"):
        read_pen_digits(path)
    with pytest.raises(DataUnavailable, match="pen strokes"):
        read_pen_digits(tmp_path / "none")


def test_strokes_are_drawn_with_their_width_and_round_caps_and_clipped_at_the_canvas():
    opacity = render(LINE, 120, (140, 100), 20)[..., 3] / 255
    rows, columns = np.nonzero(opacity > 0.5)
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (80, 199, 90, 109)
    # a rectangle and two half circles
    assert opacity.sum() == pytest.approx(100 * 20 + np.pi * 10**2, rel=0.03)
    assert opacity[91, 81] == 0
    clipped = render(LINE, 120, (0, 0), 20)
    assert clipped.shape == (280, 280, 4)
    assert (clipped[5, 30, 3], clipped[5, 100, 3]) == (255, 0)


def test_a_point_is_a_dot():
    opacity = render([np.array([(5, 5)], np.float32)], 100, (50, 60), 20, side=100)[..., 3] / 255
    assert opacity.sum() == pytest.approx(np.pi * 10**2, rel=0.05)
    assert opacity[60, 50] == 1
