"""The confusion matrix as a picture with clickable cells."""

import numpy as np
import pandas as pd
import pytest

from core.analysis.confusion import similarity_order
from core.charts.cells import MOST_CLICKABLE
from core.charts.confusion import confusion_figure
from core.charts.palette import DARK, LIGHT, contrast

DIGITS = tuple("0123456789")


@pytest.fixture
def matrix():
    counts = np.diag(np.full(10, 980))
    counts[5, 3], counts[5, 8], counts[9, 4] = 4, 1, 40
    return pd.DataFrame(counts, index=pd.RangeIndex(10, name="label"), columns=pd.RangeIndex(10, name="predicted"))


def figure(matrix, shares=False, chosen=None, colors=LIGHT):
    return confusion_figure(matrix, classes=DIGITS, shares=shares, chosen=chosen, colors=colors, height=400)


def cells(figure):
    """The buttons' customdata and hovers by cell."""
    button = figure.data[-1]
    return {tuple(data[:2]): (data, hover) for data, hover in zip(button.customdata, button.hovertext, strict=True)}


def written(figure, true, read):
    """The texts drawn in a cell, with their colors."""
    return [(str(layer.text[true][read]), layer.textfont.color) for layer in figure.data[:-1] if layer.text[true][read]]


def test_every_cell_is_clickable_and_carries_its_count(matrix):
    found = cells(figure(matrix))
    assert len(found) == 100
    assert found[5, 3][0] == [5, 3, 4] and isinstance(found[5, 3][0], list)
    assert {type(number) for number in found[5, 3][0]} == {int}


def test_a_hover_names_both_digits_and_the_count(matrix):
    found = cells(figure(matrix))
    assert found[5, 3][1] == "5 predicted as 3: 4 images"
    assert found[5, 8][1] == "5 predicted as 8: 1 image"
    assert found[5, 5][1] == "5 predicted correctly: 980 of 985, 99.49\xa0%"
    assert cells(figure(matrix, shares=True))[5, 3][1] == "5 predicted as 3: 4 of 985, 0.41\xa0%"


def test_the_color_scale_ignores_the_diagonal(matrix):
    wrong, *_, right, _ = figure(matrix).data
    assert wrong.zmax == 40
    assert np.isnan(np.diag(wrong.z)).all()
    assert {color for _, color in right.colorscale} == {LIGHT.panel}
    assert np.isnan(right.z[~np.eye(10, dtype=bool)]).all()


@pytest.mark.parametrize("colors", [LIGHT, DARK])
def test_each_number_is_drawn_once_and_readable_on_its_cell(matrix, colors):
    drawn = figure(matrix, colors=colors)
    assert [text for text, _ in written(drawn, 9, 4)] == ["40"]
    assert written(drawn, 0, 0) == [("980", colors.quiet)]
    assert written(drawn, 0, 1) == []
    assert contrast(written(drawn, 9, 4)[0][1], colors.errors[-1]) > 4.5
    assert contrast(written(drawn, 5, 8)[0][1], colors.errors[0]) > 4.5


def test_shares_are_percent_of_a_row(matrix):
    drawn = figure(matrix, shares=True)
    assert written(drawn, 5, 3)[0][0] == "0.4"
    assert written(drawn, 0, 0)[0][0] == "100"
    assert drawn.data[0].zmax == pytest.approx(40 / 1020)


def test_true_digits_run_downward_in_square_cells(matrix):
    layout = figure(matrix).layout
    assert layout.xaxis.type == layout.yaxis.type == "category"
    assert layout.yaxis.range[0] > layout.yaxis.range[1] and layout.xaxis.range[0] < layout.xaxis.range[1]
    assert layout.xaxis.scaleanchor == "y"
    assert layout.dragmode is False


def test_the_chosen_cell_is_outlined(matrix):
    (box,) = figure(matrix, chosen=(5, 3)).layout.shapes
    assert (box.x0, box.x1, box.y0, box.y1) == (2.5, 3.5, 4.5, 5.5)
    assert not figure(matrix).layout.shapes


def test_a_matrix_without_digits_can_be_drawn():
    drawn = figure(pd.DataFrame(np.zeros((10, 10), dtype=np.int64)), shares=True)
    assert written(drawn, 3, 3) == []


def test_of_a_hundred_named_classes_each_cell_with_images_has_a_hover_and_the_most_frequent_are_clickable():
    random = np.random.default_rng(1)
    counts = np.diag(np.full(100, 90))
    counts[tuple(random.integers(0, 100, (2, 2000)))] += 1
    counts[tuple(random.integers(0, 100, (2, 300)))] += 2
    matrix = pd.DataFrame(counts)
    names = tuple(f"class <{label}>" for label in range(100))
    order = similarity_order(matrix)
    drawn = confusion_figure(matrix, classes=names, shares=False, chosen=(7, 3), colors=LIGHT, height=752, order=order)
    assert sorted(order) == list(range(100))
    picture, _ = drawn.data
    assert list(picture.x) == list(picture.y) == [f"class &lt;{label}&gt;" for label in order]
    assert picture.hovertemplate == "%{y} predicted as %{x}: %{z:,}<extra></extra>"
    mistakes = ~np.eye(100, dtype=bool)
    assert np.array_equal(picture.z[mistakes], counts[np.ix_(order, order)][mistakes])
    found = cells(drawn)
    assert len(found) == MOST_CLICKABLE < np.count_nonzero(counts)
    left = counts.copy()
    left[tuple(np.transpose(list(found)))] = 0
    assert left.max() <= min(counts[cell] for cell in found)
    true, read = max(found, key=lambda cell: counts[cell] if cell[0] != cell[1] else 0)
    told = f"class &lt;{true}&gt; predicted as class &lt;{read}&gt;: {counts[true, read]} images"
    assert found[true, read] == ([true, read, counts[true, read]], told)
    assert drawn.layout.yaxis.ticktext[0] == f"class &lt;{order[0]}&gt;"
    (box,) = drawn.layout.shapes
    assert (box.y0 + 0.5, box.x0 + 0.5) == (order.index(7), order.index(3))


def test_confused_classes_are_side_by_side():
    counts = np.diag(np.full(30, 50))
    for first in range(15):
        counts[first, first + 15] = counts[first + 15, first] = 20
    order = similarity_order(pd.DataFrame(counts))
    assert all(abs(order.index(first) - order.index(first + 15)) == 1 for first in range(15))
