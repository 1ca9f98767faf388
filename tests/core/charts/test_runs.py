"""Curves of several runs in one chart."""

import math

import pytest

from core.charts.palette import LIGHT
from core.charts.runs import RunCurve, runs_figure

RED, BLUE = "#AA0000", "#0000AA"


def curve(*values, color=RED):
    return RunCurve(*values, color=color)


A = curve("first", [1, 2, 3], [0.9, 0.3, 0.2], [0.35, 0.28, 0.25])
B = curve("second", [1, 2, 3], [0.8, 0.4, 0.3], [], color=BLUE)


def figure(*curves, metric="loss", against="epoch"):
    return runs_figure(curves, metric=metric, against=against, colors=LIGHT, height=400)


def lines(drawn):
    return [line for line in drawn.data if line.hoverinfo == "text"]


def test_each_run_has_its_color_with_validation_solid_and_training_dashed():
    training, validation, alone = lines(figure(A, B))
    assert (training.line.dash, validation.line.dash, alone.line.dash) == ("dash", "solid", "dash")
    assert (training.line.color, validation.line.color, alone.line.color) == (RED, RED, BLUE)
    assert list(validation.y) == [0.35, 0.28, 0.25]


def test_accuracy_is_in_percent():
    drawn = figure(curve("a", [1], [0.98123], []), metric="accuracy")
    assert lines(drawn)[0].y[0] == pytest.approx(98.123)
    assert lines(drawn)[0].hovertext[0] == "a<br>Training, epoch 1: <b>98.12\xa0%</b>"


def test_hovers_format_losses_and_times():
    drawn = figure(curve("a", [72], [0.0312345], []), against="seconds")
    assert lines(drawn)[0].hovertext[0] == "a<br>Training, 1:12: <b>0.03123</b>"


def test_a_curve_of_only_nan_has_no_line():
    assert len(lines(figure(curve("a", [1, 2], [0.5, 0.4], [math.nan, math.nan])))) == 1


def test_few_runs_are_labeled_at_their_ends_and_many_in_a_legend():
    few, many = figure(A, B), figure(*[A] * 6)
    assert [note.text.rpartition(" ")[2] for note in few.layout.annotations] == ["first", "second"]
    assert not any(line.showlegend for line in lines(few))
    assert not many.layout.annotations
    assert sum(bool(line.showlegend) for line in lines(many)) == 6


def test_a_run_that_ends_early_is_not_labeled_over_the_others():
    short = curve("short", [1], [0.9], [0.4])
    assert not figure(A, short).layout.annotations


def test_runs_differ_in_more_than_color():
    symbols = [line.marker.symbol for line in lines(figure(*[B] * 10))]
    assert len(set(symbols)) == 10


def test_the_axis_of_a_long_run_ignores_the_first_training_value():
    falling = [0.9, *[0.1] * 11]
    assert figure(curve("long", range(1, 13), falling, [0.12] * 12)).layout.yaxis.range[1] < 0.2


def test_the_axis_of_a_short_run_shows_all_epochs():
    low, high = figure(A, curve("two", [1, 2], [2.0, 0.4], [0.5, 0.4])).layout.yaxis.range
    assert low < 0.4
    assert high > 2


def test_a_group_of_seeds_has_a_band_from_the_lowest_to_the_highest():
    band = ([0.3, math.nan, 0.2], [0.4, math.nan, 0.3])
    (drawn,) = [line for line in figure(curve("a", [1, 2, 3], [], A.validation, band)).data if line.fill]
    assert list(drawn.x) == [1, 3, 3, 1]
    assert list(drawn.y) == [0.4, 0.3, 0.2, 0.3]


def test_a_name_is_escaped():
    drawn = figure(curve("<b>x</b>", [1, 2, 3], A.training, A.validation))
    assert drawn.layout.annotations[0].text.endswith(" &lt;b&gt;x&lt;/b&gt;")


def test_long_trainings_have_ticks_at_whole_minutes():
    axis = figure(curve("a", [100, 600], [0.5, 0.4], []), against="seconds").layout.xaxis
    assert list(zip(axis.tickvals, axis.ticktext, strict=True))[:3] == [(0, "0"), (120, "2:00"), (240, "4:00")]


def test_no_runs_give_an_empty_chart():
    assert lines(figure()) == []
