"""Recall by class and epoch."""

import numpy as np
import pandas as pd

from core.charts.epochs import recall_figure
from core.charts.palette import LIGHT


def table(epochs=4):
    values = np.linspace(0.97, 0.99, epochs)[:, None] + np.linspace(-0.01, 0.005, 10)
    values[0] = np.eye(10)[9]
    return pd.DataFrame(values, index=pd.RangeIndex(epochs, name="epoch"), columns=range(10))


def figure(recalls, chosen=2):
    return recall_figure(recalls, classes=tuple("0123456789"), chosen_epoch=chosen, colors=LIGHT, height=400)


def test_each_class_has_a_line_in_its_color_labeled_at_its_end():
    drawn = figure(table())
    assert [line.line.color for line in drawn.data] == list(LIGHT.classes)
    assert list(drawn.data[3].y) == list(100 * table()[3])
    names = {note.text.rpartition(" ")[2] for note in drawn.layout.annotations}
    assert {f"<b>{digit}</b>" for digit in range(10)} <= names
    assert drawn.layout.showlegend is False


def test_the_axis_ignores_the_untrained_network():
    low, high = figure(table()).layout.yaxis.range
    assert 100 * table().loc[1:].to_numpy().min() - 1 < low < 100 * table().loc[1:].to_numpy().min()
    assert 100 < high < 101


def test_names_do_not_overlap():
    recalls = table()
    recalls.loc[:] = 0.99
    offsets = sorted(note.ay for note in figure(recalls, None).layout.annotations)
    assert min(np.diff(offsets)) >= 14.9


def test_the_chosen_epoch_is_marked():
    drawn = figure(table())
    assert [shape.x0 for shape in drawn.layout.shapes] == [2]
    assert "epoch 2" in {note.text for note in drawn.layout.annotations}
    assert not figure(table(), None).layout.shapes


def test_an_untrained_network_alone_can_be_drawn():
    drawn = figure(table().loc[:0], 0)
    assert drawn.data[0].mode == "markers"
    assert drawn.layout.yaxis.range[0] < 0
