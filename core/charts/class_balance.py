"""Number of training and test digits of each class in a data set."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.charts.frame import LEGEND, framed
from core.charts.palette import Palette
from core.text import say


def class_balance_figure(train: Sequence[int], test: Sequence[int], *, colors: Palette, height: int) -> go.Figure:
    """A bar for each class and part, from ten training and ten test counts; the hover shows the share of the part."""
    digits = [str(digit) for digit in range(len(train))]
    traces = [
        {
            "type": "bar",
            "name": say(f"data_charts.{part}"),
            "x": digits,
            "y": list(counts),
            "marker": {
                "color": color,
                "pattern": {"shape": pattern, "fgcolor": colors.background, "size": 5, "fillmode": "overlay"},
            },
            "customdata": [[100 * count / max(sum(counts), 1)] for count in counts],
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
        margin={"l": 52, "r": 8, "t": 26, "b": 40},
        xaxis={"type": "category", "title": {"text": say("data_charts.digit"), "standoff": 4}, "fixedrange": True},
        yaxis={"nticks": 5, "tickformat": ",d", "fixedrange": True},
    )
