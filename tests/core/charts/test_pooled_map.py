"""A map before or after pooling."""

import numpy as np

from core.charts.palette import LIGHT
from core.charts.pooled_map import map_figure


def figure(values, *, winner=None, **limits):
    return map_figure(
        np.array(values, np.float32),
        strongest=limits.get("strongest", 4),
        weakest=limits.get("weakest", 0),
        window=(range(2, 4), range(2)),
        winner=winner,
        window_of=lambda place: (place[0] // 2, place[1] // 2),
        colors=LIGHT,
        height=200,
    )


def test_the_window_is_framed_and_the_winner_marked_with_a_cross():
    drawn = figure(np.arange(16).reshape(4, 4), winner=(3, 1))
    (frame,) = drawn.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (-0.5, 1.5, 1.5, 3.5)
    gray, cross, buttons = drawn.data
    assert np.array_equal(gray.z, np.arange(16).reshape(4, 4))
    assert ([*cross.x], [*cross.y]) == ([1], [3])
    # a click selects the window, not the pixel
    assert [list(place) for place in buttons.customdata[8:12]] == [[1, 0], [1, 0], [1, 1], [1, 1]]
    assert buttons.hovertext[9] == "row 2, column 1: 9.000"


def test_without_a_winner_there_is_no_cross():
    assert len(figure(np.ones((2, 2))).data) == 2


def test_negative_values_have_their_own_color():
    one_sided, two_sided = (figure(np.ones((2, 2)), weakest=low).data[0] for low in (0, -6))
    assert (one_sided.zmin, one_sided.zmax) == (0, 4)
    assert (two_sided.zmin, two_sided.zmax) == (-6, 6)
    assert len(one_sided.colorscale) < len(two_sided.colorscale)
