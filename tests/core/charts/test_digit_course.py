"""How the answer to one digit changed during training."""

import numpy as np
import pytest

from core.charts.digit_course import digit_course_figure
from core.charts.palette import LIGHT


def figure(rows, *, label=5, epochs=None):
    probabilities = np.full((len(rows), 10), 0.001)
    for place, row in enumerate(rows):
        for digit, value in row.items():
            probabilities[place, digit] = value
    epochs = range(len(rows)) if epochs is None else epochs
    return digit_course_figure(
        epochs, probabilities, classes=tuple("0123456789"), label=label, chosen_epoch=1, colors=LIGHT, height=200
    )


def lines(figure):
    return {trace.name: [round(float(y), 3) for y in trace.y] for trace in figure.data}


def test_lines_are_the_label_and_the_wrong_answers():
    drawn = lines(figure([{7: 0.2}, {5: 0.6, 3: 0.3}, {3: 0.9, 5: 0.05}]))
    assert drawn == {"5, the label": pytest.approx([0.1, 60, 5]), "3": pytest.approx([0.1, 30, 90])}


def test_a_digit_that_was_always_right_has_one_line():
    assert list(lines(figure([{2: 0.2}, {5: 0.9}, {5: 1.0}]))) == ["5, the label"]


def test_lines_differ_in_more_than_color():
    drawn = figure([{0: 0.3}, {3: 0.9}, {8: 0.9}, {2: 0.8}]).data
    assert len({trace.line.dash for trace in drawn}) == len({trace.marker.symbol for trace in drawn}) == 4


def test_epoch_0_alone_can_be_drawn():
    assert list(lines(figure([{7: 0.4}]))) == ["5, the label"]
