"""Loss by learning rate in a range test, with the rate that it suggests."""

import math

import plotly.graph_objects as go

from core.charts.frame import framed, vertical
from core.charts.palette import Palette
from core.explain.lessons.range_test import RangeTest
from core.formatting import loss, rate
from core.text import say

_TICKS = (0.001, 0.01, 0.1, 1, 10)


def range_test_figure(test: RangeTest, *, colors: Palette, height: int) -> go.Figure:
    """The loss of each batch as points, smoothed as a line; dotted lines at the lowest and the suggested rate."""
    hover = [
        say("lessons.range_test.hover", rate=rate(at), loss=loss(value))
        for at, value in zip(test.rates.tolist(), test.smoothed.tolist(), strict=True)
    ]
    marks = (("lowest", test.lowest, colors.quiet, "left"), ("suggested", test.suggested, colors.test, "right"))
    notes = [
        {
            "x": math.log10(at),
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            # apart on a phone too
            "xanchor": side,
            "showarrow": False,
            "text": say(f"lessons.range_test.{name}", rate=rate(float(f"{at:.2g}"))),
            "font": {"color": color, "size": 12},
        }
        for name, at, color, side in marks
    ]
    points = {"x": test.rates.tolist(), "y": test.loss.tolist(), "mode": "markers"}
    line = {"x": test.rates.tolist(), "y": test.smoothed.tolist(), "mode": "lines", "hovertext": hover}
    return framed(
        [
            points | {"marker": {"size": 5, "color": colors.bar}},
            line | {"line": {"color": colors.training, "width": 3}},
        ],
        colors,
        height,
        margin={"t": 28},
        shapes=[vertical(at, color, 2) for _, at, color, _ in marks],
        annotations=notes,
        xaxis={
            "title": {"text": say("lessons.range_test.rate")},
            "type": "log",
            "tickvals": list(_TICKS),
            "ticktext": [rate(tick) for tick in _TICKS],
        },
        yaxis={"title": {"text": say("lessons.range_test.loss")}, "rangemode": "tozero"},
    )
