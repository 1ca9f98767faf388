"""Coordinates of a report's line charts."""

import math
import re
from itertools import pairwise

import pytest

from core.export.report.line_chart import BOTTOM, COLUMNS, LEFT, RIGHT, TOP, Axis, Line, line_chart

EPOCHS = list(range(1, 21))
FALLING = [0.5 / epoch for epoch in EPOCHS]


def corners(path):
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]


def test_a_wide_range_of_losses_gets_a_logarithmic_axis():
    chart = line_chart(EPOCHS, [Line("a", "training", [2.0**-epoch for epoch in EPOCHS])], marked=3, share=False)
    assert chart.logarithmic
    falls = [after[1] - before[1] for before, after in pairwise(corners(chart.paths[0][1]))]
    assert max(falls) - min(falls) <= 0.21
    assert not line_chart(EPOCHS, [Line("a", "training", FALLING[:2] * 10)], marked=3, share=False).logarithmic


@pytest.mark.parametrize("values", [FALLING, [0.3] * 20, [1e-7, *[5.0] * 19], [0.0] * 20, [math.inf, *[0.2] * 19]])
def test_every_point_is_inside_the_frame(values):
    for share in (False, True):
        chart = line_chart(EPOCHS, [Line("a", "training", values)], marked=1, share=share)
        for x, y in corners(chart.paths[0][1]):
            assert LEFT <= x <= RIGHT
            assert TOP <= y <= BOTTOM
        assert all(TOP <= y <= BOTTOM for y, _ in chart.y_ticks)
        assert 2 <= len(chart.y_ticks) <= 9


def test_the_axis_of_shares_ends_at_one():
    chart = line_chart(EPOCHS, [Line("a", "training", [1 - 0.1 / epoch for epoch in EPOCHS])], marked=1, share=True)
    assert max(value for _, value in chart.y_ticks) <= 1 + 1e-9


def test_a_gap_interrupts_the_line():
    values = [0.5, 0.4, math.nan, 0.2]
    chart = line_chart([1, 2, 3, 4], [Line("a", "validation", values)], marked=4, share=False)
    assert chart.paths[0][1].count("M") == 2
    assert chart.columns[2].values == []


def test_without_values_there_is_no_chart():
    assert line_chart([], [], marked=1, share=False) is None
    assert line_chart([1, 2], [Line("a", "training", [math.nan, math.nan])], marked=1, share=False) is None


def test_a_single_epoch_can_be_drawn():
    chart = line_chart([1], [Line("a", "training", [0.3])], marked=1, share=False)
    assert chart.x_ticks == [((LEFT + RIGHT) / 2, 1)]
    assert [column.marked for column in chart.columns] == [True]


def test_strips_of_many_epochs_fill_the_frame_and_include_the_marked_one():
    epochs = list(range(1, 1001))
    chart = line_chart(epochs, [Line("a", "training", [1 / e for e in epochs])], marked=777, share=False)
    assert len(chart.columns) <= COLUMNS + 2
    assert [column.epoch for column in chart.columns if column.marked] == [777]
    assert sum(column.width for column in chart.columns) == pytest.approx(RIGHT - LEFT, abs=0.1)
    for column in chart.columns:
        assert column.left <= column.x <= column.left + column.width + 0.1
    assert len(chart.x_ticks) <= 9


@pytest.mark.parametrize(
    ("axis", "ticks"),
    [
        (Axis(0, 1, 0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (Axis(0.9, 1, 0, 1), [0.9, 0.92, 0.94, 0.96, 0.98, 1]),
        (Axis(0.018, 0.6, 0, 1, logarithmic=True), [0.02, 0.05, 0.1, 0.2, 0.5]),
        (Axis(0.0004, 3, 0, 1, logarithmic=True), [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]),
        (Axis(1e-9, 3, 0, 1, logarithmic=True), [10.0**e for e in range(-9, 1)]),
    ],
)
def test_ticks_are_round(axis, ticks):
    assert axis.ticks() == pytest.approx(ticks)
