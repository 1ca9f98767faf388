"""How the answer to one digit changed during training."""

import html
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.frame import LEGEND, framed, vertical
from core.charts.palette import Palette
from core.formatting import percent_sign
from core.text import say

_LOOKS = (
    ("test", "solid", "circle"),
    ("wrong", "dash", "x"),
    ("validation", "dot", "square"),
    ("quiet", "dashdot", "diamond"),
)


def digit_course_figure(
    epochs: Sequence[int],
    probabilities: NDArray[np.floating],
    *,
    classes: Sequence[str],
    label: int,
    chosen_epoch: int,
    colors: Palette,
    height: int,
) -> go.Figure:
    """Probabilities (epochs, classes) of the true class and of those the image was mistaken for, over epochs."""
    # the untrained network's answer reveals nothing about the digit
    trained = probabilities[np.array(epochs) > 0]
    answers = trained.argmax(axis=1)
    others = [c for c in np.argsort(-trained.max(axis=0, initial=0)) if c != label and (answers == c).any()]
    traces = []
    for place, digit in enumerate([label, *map(int, others[: len(_LOOKS) - 1])]):
        name = say("course.label" if place == 0 else "course.other", digit=html.escape(classes[digit]))
        role, dash, symbol = _LOOKS[place]
        traces.append(
            {
                "x": list(epochs),
                "y": 100 * probabilities[:, digit],
                "name": name,
                "mode": "lines+markers",
                "line": {"color": getattr(colors, role), "width": 2, "dash": dash},
                "marker": {"size": 6, "symbol": symbol},
                "hovertemplate": say("course.hover", name=name),
            }
        )
    return framed(
        traces,
        colors,
        height,
        legend=LEGEND | {"y": 1.02},
        margin={"t": 32},
        dragmode=False,
        shapes=[vertical(chosen_epoch, colors.quiet)],
        xaxis={"title": {"text": say("course.epoch")}, "tickformat": "d"},
        yaxis={"title": {"text": say("course.probability")}, "range": [-3, 103], "ticksuffix": percent_sign()},
    )
