"""The charts of weights and of the map of digits show the numbers they are given."""

import numpy as np
import pytest

from core.charts.digit_map import digit_map_figure
from core.charts.histogram import histogram_figure
from core.charts.movement import movement_figure
from core.charts.palette import palette
from core.charts.silent_units import silent_units_figure
from core.explain.weight_statistics import histogram

THEMES = pytest.mark.parametrize("colors", [palette("light"), palette("dark")], ids=["light", "dark"])


@THEMES
def test_a_histogram_shows_the_epoch_and_the_untrained_network(colors):
    found = histogram(np.array([0.1, 0.2, 0.3, 0.4], np.float32), np.array([0.05, 0.05], np.float32))
    now, untrained, points = histogram_figure(found, epoch=7, axis="Weight", colors=colors, height=200).data
    assert now.name == "epoch 7"
    assert np.allclose(now.y[:-1], 100 * found.now)
    assert np.allclose(now.x, found.edges)
    assert np.allclose(untrained.y[:-1], 100 * found.untrained)
    assert untrained.line.dash != now.line.dash
    assert points.hovertemplate.startswith("%{x:.3g}: %{y:.2f} %")


@THEMES
def test_the_chosen_layers_line_stands_out_and_all_lines_are_labeled(colors):
    figure = movement_figure(
        [0, 1, 3], {"a": [0, 0.5, 1.5], "b": [0, 0.1, 0.2]}, chosen="b", epoch=3, colors=colors, height=200
    )
    a, b = figure.data
    assert list(a.y) == [0, 50, 150]
    assert b.line.width > a.line.width
    assert (a.line.dash, a.marker.symbol) != (b.line.dash, b.marker.symbol)
    assert {label.text.rpartition(" ")[2] for label in figure.layout.annotations} == {"a", "b"}
    assert figure.layout.yaxis.range[1] > 150


def test_silent_units_are_labeled_with_count_and_share():
    figure = silent_units_figure({"a": (0, 16), "b": (32, 128)}, chosen="b", colors=palette("light"), height=200)
    assert list(figure.data[0].x) == [0, 25]
    assert [label.text for label in figure.layout.annotations] == ["0 of 16 (0.00 %)", "32 of 128 (25.00 %)"]
    assert figure.layout.xaxis.range[1] > 25


@THEMES
def test_a_map_has_a_trace_for_each_class_and_marks_misread_digits(colors):
    labels = np.arange(30).astype(np.uint8) % 10
    predicted = labels.copy()
    predicted[[3, 14]] = 9
    points = np.random.default_rng(0).normal(size=(30, 2)).astype(np.float32)
    figure = digit_map_figure(points, labels, predicted, chosen=14, colors=colors, height=300)
    *classes, missed, numbers, ring = figure.data
    assert [trace.name for trace in classes] == [str(digit) for digit in range(10)]
    assert sorted(int(i) for trace in figure.data[:11] for (i,) in trace.customdata) == list(range(30))
    assert [list(point) for point in missed.customdata] == [[3], [14]]
    assert missed.hovertext[1] == "14: a 4, read as 9"
    assert missed.marker.symbol == "x"
    assert (missed.marker.line.color, missed.marker.line.width > 0) == (colors.wrong, True)
    assert np.allclose([ring.x[0], ring.y[0]], points[14])
    assert len({trace.marker.color for trace in classes}) == 10
    assert numbers.text == tuple(f"<b>{digit}</b>" for digit in range(10))
    assert np.allclose(numbers.x, [np.median(points[labels == digit, 0]) for digit in range(10)], atol=1e-3)
    low, high = figure.layout.xaxis.range
    assert low < points[:, 0].min() < points[:, 0].max() < high


def test_a_chosen_digit_that_is_not_on_the_map_has_no_ring():
    some = np.zeros(3, np.uint8)
    figure = digit_map_figure(np.zeros((3, 2), np.float32), some, some, chosen=99, colors=palette("light"), height=300)
    assert len(figure.data) == 12


def test_classes_stay_visible_when_most_digits_are_misread():
    labels = np.arange(20).astype(np.uint8) % 10
    points = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    colors = palette("light")
    figure = digit_map_figure(points, labels, np.full(20, 3, np.uint8), chosen=None, colors=colors, height=300)
    missed = figure.data[10]
    assert list(missed.marker.color) == [colors.classes[labels[index]] for (index,) in missed.customdata]
    assert missed.marker.line.width == 0
