"""The charts of weights show the numbers they are given."""

import numpy as np
import pytest

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
    assert points.hovertemplate.startswith("%{x:.3g}: %{y:.2f}\xa0%")


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
    assert [label.text for label in figure.layout.annotations] == ["0 of 16", "32 of 128 (25.00\xa0%)"]
    assert figure.layout.xaxis.range[1] > 25
