"""The reliability diagram and the confidence histogram."""

import math

import numpy as np
import pandas as pd
import pytest

from core.charts.calibration import confidence_figure, reliability_figure
from core.charts.palette import LIGHT


@pytest.fixture
def bins():
    return pd.DataFrame(
        {
            "low": [0.0, 0.5, 0.9],
            "high": [0.5, 0.9, 1.0],
            "digits": [0, 10, 9900],
            "confidence": [np.nan, 0.75, 0.99],
            "accuracy": [np.nan, 0.7, 0.995],
        }
    )


@pytest.fixture
def histogram():
    return pd.DataFrame({"low": [0.0, 0.5], "high": [0.5, 1.0], "right": [0, 9900], "wrong": [3, 1]})


def test_bars_show_accuracy_and_the_gap_to_confidence(bins):
    accuracy, gap = reliability_figure(bins, colors=LIGHT, height=300).data[:2]
    assert list(accuracy.y) == pytest.approx([70, 99.5])
    assert [base + length for base, length in zip(gap.base, gap.y, strict=True)] == pytest.approx([75, 99])
    assert list(accuracy.x) == pytest.approx([70, 95]) and list(accuracy.width) == pytest.approx([40, 10])
    assert gap.marker.pattern.shape == "/"


def test_a_bins_hover_shows_its_digits_and_gap(bins):
    figure = reliability_figure(bins, colors=LIGHT, height=300)
    few, many = figure.data[0].hovertext
    assert few.startswith("Confidence 50–90\xa0%, images: 10<br>accuracy 70.00\xa0%, mean confidence 75.00\xa0%: ")
    assert few.endswith(": 5.00 points overconfident")
    assert many.endswith("0.50 points underconfident") and "images: 9,900" in many
    assert list(figure.data[3].text) == ["10", "9.9k"]
    assert figure.data[0].customdata[0] == [0.5, 0.9, 10]


def test_the_diagonal_is_dashed_from_corner_to_corner(bins):
    line = reliability_figure(bins, colors=LIGHT, height=300).data[2]
    assert list(line.x) == list(line.y) == [0, 100]
    assert line.line.dash == "dash"


def test_right_and_wrong_bars_are_grouped_and_one_digit_is_visible(histogram):
    figure = confidence_figure(histogram, colors=LIGHT, height=300)
    right, wrong = figure.data
    assert list(right.y) == [0, 9900] and list(wrong.y) == [3, 1]
    assert figure.layout.barmode == "group"
    assert figure.layout.yaxis.type == "log" and figure.layout.yaxis.range[0] < math.log10(1)
    assert wrong.hovertext[0] == "3 wrong with 0–50\xa0% confidence"
    assert wrong.customdata[0] == [0.0, 0.5, 3]


def test_wrong_differs_from_right_in_more_than_color(histogram):
    right, wrong = confidence_figure(histogram, colors=LIGHT, height=300).data
    assert wrong.marker.pattern.shape and not right.marker.pattern.shape
