"""Number of training and test digits of each class in a data set."""

import html
from collections.abc import Sequence

import plotly.graph_objects as go

from core.charts.frame import LEGEND, framed
from core.charts.palette import Palette
from core.text import say, shortened

_LONGEST = 18
"""Letters of a name below its bars."""


def class_balance_figure(
    train: Sequence[int], test: Sequence[int], *, classes: Sequence[str], colors: Palette, height: int
) -> go.Figure:
    """A bar for each class and part, from training and test counts; the hover shows the share of the part."""
    names = [html.escape(shortened(name, _LONGEST)) for name in classes]
    long = max(map(len, names)) > 2
    traces = [
        {
            "type": "bar",
            "name": say(f"data_charts.{part}"),
            "x": list(range(len(train))),
            "y": list(counts),
            "marker": {
                "color": color,
                "pattern": {"shape": pattern, "fgcolor": colors.background, "size": 5, "fillmode": "overlay"},
            },
            "customdata": [[100 * n / max(sum(counts), 1), name] for n, name in zip(counts, names, strict=True)],
            "hovertemplate": say("data_charts.count", part=say(f"data_charts.{part}")),
        }
        for part, counts, color, pattern in (("training", train, colors.training, ""), ("test", test, colors.test, "/"))
    ]
    return framed(
        traces,
        colors,
        height,
        dragmode=False,
        bargap=0.25,
        legend=LEGEND | {"x": 1, "xanchor": "right"},
        margin={"l": 52, "r": 8, "t": 26, "b": round(30 + 6.5 * max(map(len, names))) if long else 40},
        xaxis={
            "type": "category",
            "tickvals": list(range(len(train))),
            "ticktext": names,
            "tickangle": -90 if long else 0,
            "title": {"text": say("data_charts.digit"), "standoff": 4},
            "fixedrange": True,
        },
        yaxis={"nticks": 5, "tickformat": ",d", "fixedrange": True},
    )
