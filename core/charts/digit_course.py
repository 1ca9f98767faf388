"""How the answer to one digit changed during training."""

from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.frame import framed
from core.charts.palette import Palette
from core.text import say

_LOOKS: tuple[Callable[[Palette], tuple[str, str, str]], ...] = (
    lambda colors: (colors.test, "solid", "circle"),
    lambda colors: (colors.wrong, "dash", "x"),
    lambda colors: (colors.validation, "dot", "square"),
    lambda colors: (colors.quiet, "dashdot", "diamond"),
)
MOST_LINES = len(_LOOKS)


def digit_course_figure(
    epochs: Sequence[int],
    probabilities: NDArray[np.floating],
    *,
    label: int,
    chosen_epoch: int,
    colors: Palette,
    height: int,
) -> go.Figure:
    """Probabilities (epochs, 10) of the true class and of those the digit was mistaken for, over epochs."""
    # the untrained network's answer reveals nothing about the digit
    trained = probabilities[np.array(epochs) > 0]
    answers = trained.argmax(axis=1)
    others = [c for c in np.argsort(-trained.max(axis=0, initial=0)) if c != label and (answers == c).any()]
    traces = []
    for place, digit in enumerate([label, *map(int, others[: MOST_LINES - 1])]):
        name = say("course.label" if place == 0 else "course.other", digit=digit)
        color, dash, symbol = _LOOKS[place](colors)
        traces.append(
            {
                "type": "scatter",
                "x": list(epochs),
                "y": probabilities[:, digit],
                "name": name,
                "mode": "lines+markers",
                "line": {"color": color, "width": 2, "dash": dash},
                "marker": {"size": 6, "symbol": symbol},
                "hovertemplate": say("course.hover", name=name) + "<extra></extra>",
            }
        )
    mark = {"type": "line", "x0": chosen_epoch, "x1": chosen_epoch, "y0": 0, "y1": 1, "yref": "paper"}
    return framed(
        traces,
        colors,
        height,
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        margin={"t": 32},
        dragmode=False,
        shapes=[mark | {"line": {"color": colors.quiet, "width": 1, "dash": "dot"}}],
        xaxis={"title": {"text": say("course.epoch")}, "tickformat": "d"},
        yaxis={"title": {"text": say("course.probability")}, "range": [-0.03, 1.03], "tickformat": ".0%"},
    )
