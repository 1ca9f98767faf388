"""How each way to hold out images divides a data set into training, validation and test."""

from collections.abc import Mapping

import plotly.graph_objects as go

from core.charts.frame import LEGEND, framed
from core.charts.palette import Palette, ink
from core.text import say

_PARTS = ("training", "validation", "test")


def data_split_figure(ways: Mapping[str, Mapping[str, int]], *, colors: Palette, height: int) -> go.Figure:
    """One bar for each way, by name, stacked from its counts of training, validation and test images."""
    names = list(ways)
    color_of = {"training": colors.training, "validation": colors.validation, "test": colors.test}
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": say(f"data_charts.{part}"),
            "y": names,
            "x": [counts.get(part, 0) for counts in ways.values()],
            "text": [f"{counts[part]:,}" if counts.get(part) else "" for counts in ways.values()],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textfont": {"color": ink(colors, color_of[part]), "size": 13},
            "marker": {"color": color_of[part]},
            "hovertemplate": say("data_charts.used", part=say(f"data_charts.{part}")),
        }
        for part in _PARTS
    ]
    return framed(
        traces,
        colors,
        height,
        barmode="stack",
        dragmode=False,
        bargap=0.35,
        legend=LEGEND | {"traceorder": "normal"},
        margin={"l": 100, "r": 12, "t": 30, "b": 28},
        xaxis={"tickformat": ",d", "nticks": 6, "showgrid": True, "fixedrange": True},
        yaxis={
            "type": "category",
            "range": [len(names) - 0.5, -0.5],
            "showgrid": False,
            "fixedrange": True,
            "tickfont": {"color": colors.text},
            "ticklabelstandoff": 4,
        },
    )
