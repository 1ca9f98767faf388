"""Precision and recall side by side."""

import numpy as np
import pandas as pd

from core.charts.palette import LIGHT
from core.charts.per_class import per_class_figure


def test_each_class_has_both_marks_and_says_what_they_mean():
    table = pd.DataFrame({"precision": np.linspace(0.97, 0.99, 10), "recall": np.linspace(0.99, 0.98, 10)})
    _, precision, recall = per_class_figure(table, colours=LIGHT, height=400).data
    assert list(recall.x) == list(100 * table["recall"])
    assert precision.hovertext[3] == "3: 97.67 % of what is read as 3 is one"
    assert recall.hovertext[0] == "0: 99.00 % of its digits are found"
    assert precision.marker.symbol != recall.marker.symbol
    assert recall.customdata[4] == [4]
