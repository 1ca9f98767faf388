"""The difference of two confusion matrices."""

import numpy as np
import pandas as pd

from core.charts.difference import difference_figure
from core.charts.palette import LIGHT


def figure():
    values = np.zeros((10, 10), dtype=np.int64)
    values[5, 3], values[5, 8], values[5, 5], values[7, 2] = -2, 3, -1, 12
    return difference_figure(pd.DataFrame(values), classes=tuple("0123456789"), colors=LIGHT, height=400)


def button(true, read):
    cells = figure().data[-1]
    return cells.customdata[10 * true + read], cells.hovertext[10 * true + read]


def test_hovers_and_clicks_show_the_change():
    assert button(5, 3) == ([5, 3, -2], "5 predicted as 3: 2 fewer in B")
    assert button(5, 8) == ([5, 8, 3], "5 predicted as 8: 3 more in B")
    assert button(5, 5) == ([5, 5, -1], "5 predicted correctly: 1 fewer in B")
    assert button(0, 1) == ([0, 1, 0], "0 predicted as 1: as many in both")


def test_changes_have_a_sign_and_unchanged_cells_no_text():
    texts = ["".join(str(layer.text[place]) for layer in figure().data[:-1]) for place in ((5, 3), (5, 8), (0, 1))]
    assert texts == ["−2", "+3", ""]


def test_more_errors_are_red_and_no_change_is_neutral():
    layer = figure().data[0]
    assert (layer.zmin, layer.zmax) == (-12, 12)
    assert layer.colorscale[-1] == (1, LIGHT.wrong)
    assert layer.colorscale[len(layer.colorscale) // 2] == (0.5, "#FFFFFF")
