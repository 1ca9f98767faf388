"""Names at the ends of lines."""

import pytest

from core.charts.end_labels import End, apart, end_labels
from core.charts.palette import LIGHT

NONE = {"t": 0, "b": 0}


def test_places_that_are_far_enough_apart_stay():
    assert apart([10, 40, 90], 15, 100) == [10, 40, 90]


def test_colliding_places_move_apart_as_little_as_possible():
    assert apart([50, 50], 20, 100) == [40, 60]
    assert apart([10, 50, 52, 54], 20, 100) == pytest.approx([10, 32, 52, 72])


def test_places_stay_within_the_plot_and_a_gap_apart():
    moved = apart([98, 99, 100, 100], 10, 100)
    assert moved == [70, 80, 90, 100]


def test_a_label_is_joined_to_the_end_of_its_line():
    ends = [End(20, 98, "a", "#111111"), End(20, 98, "b", "#222222")]
    low, high = end_labels(ends, limits=(90, 100), height=200, margin=NONE, colors=LIGHT)
    assert low["y"] == high["y"] == pytest.approx(98)
    assert low["ay"] - high["ay"] == pytest.approx(15)  # y in pixels points down
    assert "#111111" in low["text"]


def test_strokes_do_not_look_like_data():
    ends = [End(20, 99.9, str(digit), "#111111") for digit in range(10)]
    labels = end_labels(ends, limits=(90, 100.4), height=300, margin=NONE, colors=LIGHT, ceiling=100)
    assert [label["arrowcolor"] for label in labels] == [LIGHT.quiet] * 10
    tops = [300 * (label["y"] - 90) / 10.4 - label["ay"] for label in labels]
    assert max(tops) <= 300 * 10 / 10.4 + 1e-9


def test_an_end_outside_the_axis_is_labeled_at_its_edge():
    (label,) = end_labels([End(20, 50, "a", "#111111")], limits=(90, 100), height=200, margin=NONE, colors=LIGHT)
    assert label["y"] == 90
