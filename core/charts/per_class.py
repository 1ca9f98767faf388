"""Precision and recall of each class."""

import pandas as pd
import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import Palette
from core.formatting import percent
from core.text import say

MARKS = {
    "precision": {"symbol": "diamond-open", "size": 11, "line": {"width": 2}},
    "recall": {"symbol": "circle", "size": 11},
}


def per_class_figure(table: pd.DataFrame, *, colours: Palette, height: int) -> go.Figure:
    """A row a class, index 0 to 9, with its columns precision and recall; drawn in per cent.

    A mark's customdata is [digit].
    """
    digits = [str(digit) for digit in table.index]
    low = 100 * float(table[list(MARKS)].to_numpy().min())
    room = max(0.06 * (100 - low), 0.05)
    span = {
        "type": "scatter",
        "x": [x for pair in zip(100 * table["precision"], 100 * table["recall"], strict=True) for x in (*pair, None)],
        "y": [y for digit in digits for y in (digit, digit, None)],
        "mode": "lines",
        "line": {"color": colours.bar, "width": 3},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    marks = [
        {
            "type": "scatter",
            "x": list(100 * table[measure]),
            "y": digits,
            "mode": "markers",
            "name": say(f"charts.{measure}"),
            "marker": mark | {"color": colours.text},
            "customdata": [[int(digit)] for digit in digits],
            "hovertext": [
                say(f"charts.{measure}_of", digit=d, share=percent(table[measure].iloc[int(d)])) for d in digits
            ],
            "hoverinfo": "text",
        }
        for measure, mark in MARKS.items()
    ]
    return framed(
        [span, *marks],
        colours,
        height,
        hovermode="closest",
        margin={"t": 30, "l": 44},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        xaxis={"range": [low - room, 100 + room], "ticksuffix": " %", "showgrid": True, "nticks": 6},
        yaxis={
            "type": "category",
            "range": [len(digits) - 0.5, -0.5],
            "tickfont": {"color": colours.text},
            "title": {"text": say("charts.digit")},
        },
    )
