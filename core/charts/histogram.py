"""Distribution of a layer's values: after an epoch as an area, in the untrained network as a line."""

from typing import Any

import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import Palette, faded
from core.explain.weight_statistics import Histogram
from core.formatting import percent_sign
from core.text import say


def histogram_figure(found: Histogram, *, epoch: int, axis: str, colors: Palette, height: int) -> go.Figure:
    """Shares of values in percent, on one scale for both; `axis` is the title of the x axis."""
    middles = (found.edges[:-1] + found.edges[1:]) / 2
    # each bin is a step from edge to edge
    step: dict[str, Any] = {"mode": "lines", "x": found.edges}
    traces = [
        step
        | {
            "y": [*(100 * found.now), 100 * found.now[-1]],
            "name": say("weight_charts.epoch", epoch=epoch),
            "line": {"shape": "hv", "color": colors.training, "width": 1.5},
            "fill": "tozeroy",
            "fillcolor": faded(colors.training, 0.25),
        },
        step
        | {
            "y": [*(100 * found.untrained), 100 * found.untrained[-1]],
            "name": say("weight_charts.untrained"),
            "line": {"shape": "hv", "color": colors.quiet, "width": 1.5, "dash": "dot"},
        },
        {
            "mode": "markers",
            "x": middles,
            "y": 100 * found.now,
            "marker": {"opacity": 0, "size": 8, "color": colors.training},
            "customdata": [[100 * share] for share in found.untrained],
            "hovertemplate": say("weight_charts.bin", epoch=epoch),
            "showlegend": False,
        },
    ]
    highest = 100 * max(float(found.now.max()), float(found.untrained.max()), 1e-6)
    return framed(
        traces,
        colors,
        height,
        dragmode=False,
        hovermode="x",
        legend={"x": 1, "xanchor": "right", "y": 1, "yanchor": "top", "font": {"size": 12}, "bgcolor": "rgba(0,0,0,0)"},
        margin={"l": 48, "r": 8, "t": 6, "b": 38},
        xaxis={"title": {"text": axis, "standoff": 4}, "range": [found.edges[0], found.edges[-1]], "nticks": 7},
        yaxis={"range": [0, 1.08 * highest], "ticksuffix": percent_sign(), "nticks": 4, "rangemode": "tozero"},
    )
