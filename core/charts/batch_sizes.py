"""Loss and training time by batch size, one point per size."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import Palette
from core.explain.lessons.descent import Tried
from core.formatting import duration, loss
from core.text import say

Figure = Literal["loss", "seconds"]

_STEEP = 0.1
"""Of the highest value, from one point to the next."""
_APART = 4
"""Tick labels on the logarithmic axis are at least this factor apart."""


def batch_sizes_figure(tried: Sequence[Tried], *, figure: Figure, colors: Palette, height: int) -> go.Figure:
    """Final loss, or training time in seconds, by batch size on a logarithmic axis."""
    sizes = [each.batch_size for each in tried]
    values = [getattr(each, figure) for each in tried]
    texts = [loss(value) if figure == "loss" else duration(value) for value in values]
    return framed(
        [
            {
                "x": sizes,
                "y": values,
                # the times of large batches are so close that their labels would overlap
                "mode": "lines+markers+text" if figure == "loss" else "lines+markers",
                "text": [f"{value:.2g}" for value in values],
                "textposition": _beside_the_line(values),
                "cliponaxis": False,
                "line": {"color": colors.training, "width": 2},
                "marker": {"size": 8},
                "hovertext": [
                    say(f"lessons.batch.{figure}_hover", size=each.batch_size, value=text, updates=f"{each.updates:,}")
                    for each, text in zip(tried, texts, strict=True)
                ],
            }
        ],
        colors,
        height,
        margin={"t": 24},
        xaxis={
            "title": {"text": say("lessons.batch.size")},
            "type": "log",
            "tickvals": sizes,
            "tickangle": 0,
            "ticktext": _apart(sizes),
        },
        yaxis={"title": {"text": say(f"lessons.batch.{figure}_axis")}, "rangemode": "tozero"},
    )


def _beside_the_line(values: Sequence[float]) -> list[str]:
    """Where each point's text stands: above it, but to the left where the line rises steeply."""
    rises = np.diff(values, append=values[-1]) > _STEEP * max(values)
    return ["top left" if rise else "top center" for rise in rises]


def _apart(sizes: Sequence[int]) -> list[str]:
    """Tick labels, empty where one would run into the next larger one."""
    texts, written = [], float("inf")
    for size in reversed(sizes):
        fits = size <= written / _APART
        texts.append(f"{size:,}" if fits else "")
        written = size if fits else written
    return texts[::-1]
