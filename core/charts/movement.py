"""How far each layer's weights have moved from their initial values, over the epochs."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.charts.end_labels import End, end_labels
from core.charts.frame import framed, vertical, whole_ticks
from core.charts.palette import Palette
from core.formatting import percent_sign
from core.text import say

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_MARGIN = {"l": 56, "r": 96, "t": 6, "b": 38}
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")


def movement_figure(
    epochs: Sequence[int],
    moved: Mapping[str, Sequence[float]],
    *,
    chosen: str,
    epoch: int,
    colors: Palette,
    height: int,
) -> go.Figure:
    """One line for each layer, in percent, each with its own dash and symbol; the chosen layer's is blue."""
    traces = []
    for place, (name, distances) in enumerate(moved.items()):
        own = name == chosen
        traces.append(
            {
                "mode": "lines+markers",
                "name": name,
                "x": list(epochs),
                "y": [100 * distance for distance in distances],
                "line": {
                    "color": colors.training if own else colors.quiet,
                    "width": 2.5 if own else 1.5,
                    "dash": _DASHES[place % len(_DASHES)],
                },
                "marker": {"size": 7 if own else 5, "symbol": _SYMBOLS[place % len(_SYMBOLS)]},
                "hovertemplate": say("weight_charts.moved", name=name),
            }
        )
    limits = (0.0, 108 * max((max(distances, default=0) for distances in moved.values()), default=0) or 1.0)
    ends = [
        End(epochs[-1], 100 * distances[-1], name, colors.training if name == chosen else colors.quiet)
        for name, distances in moved.items()
        if distances
    ]
    last = max(epochs, default=0) or 1
    return framed(
        traces,
        colors,
        height,
        dragmode=False,
        annotations=end_labels(ends, limits=limits, height=height, margin=_MARGIN, colors=colors),
        margin=_MARGIN,
        shapes=[vertical(epoch, colors.quiet)],
        xaxis={
            "title": {"text": say("weight_charts.epochs"), "standoff": 4},
            "range": [-0.03 * last, 1.01 * last],
            **whole_ticks(last),
        },
        yaxis={"ticksuffix": percent_sign(), "nticks": 4, "range": limits},
    )
