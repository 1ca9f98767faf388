"""A feature map before or after pooling, with one window marked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.frame import framed
from core.charts.palette import Palette, stops
from core.text import say

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """Marks in a map: a rectangle of rows and columns, and a cross on the pixel that won the pooling, if one did."""

    top: int
    left: int
    rows: int
    columns: int
    winner: Place | None = None


def map_figure(
    values: NDArray[np.float32],
    *,
    strongest: float,
    weakest: float,
    mark: Mark,
    window_of: Callable[[Place], Place],
    colors: Palette,
    height: int,
) -> go.Figure:
    """A map (h, w) in gray levels on the same scale before and after pooling; a cell's customdata is its window."""
    rows, columns = values.shape
    places = [(row, column) for row in range(rows) for column in range(columns)]
    scale = (colors.panel, colors.text) if weakest >= 0 else colors.difference
    limit = max(strongest, -weakest, 1e-9)
    gray = {
        "type": "heatmap",
        "z": values,
        "colorscale": stops(scale),
        "zmin": 0 if weakest >= 0 else -limit,
        "zmax": limit,
        "showscale": False,
        "hoverinfo": "skip",
        "xgap": 1 if columns <= 14 else 0.5,
        "ygap": 1 if rows <= 14 else 0.5,
    }
    buttons = {
        "type": "scatter",
        "x": [column for _, column in places],
        "y": [row for row, _ in places],
        "mode": "markers",
        "marker": {"symbol": "square", "size": max(8, round(0.8 * height / rows)), "opacity": 0},
        "selected": {"marker": {"opacity": 0.12}},
        "unselected": {"marker": {"opacity": 0}},
        "customdata": [list(window_of(place)) for place in places],
        "hovertext": [
            say("pooling.hover", row=row, column=column, value=f"{values[row, column]:.3f}") for row, column in places
        ],
        "hoverinfo": "text",
    }
    edge = {"showgrid": False, "fixedrange": True, "constrain": "domain", "ticks": "", "showticklabels": False}
    return framed(
        [gray, *_cross(mark, colors), buttons],
        colors,
        height,
        dragmode=False,
        hovermode="closest",
        margin={"l": 2, "r": 2, "t": 2, "b": 2},
        plot_bgcolor=colors.faint,
        shapes=[_outline(mark, colors)],
        xaxis=edge | {"range": [-0.5, columns - 0.5], "scaleanchor": "y", "constraintoward": "left"},
        yaxis=edge | {"range": [rows - 0.5, -0.5], "constraintoward": "top"},
    )


def _outline(mark: Mark, colors: Palette) -> dict[str, Any]:
    corners = {
        "x0": mark.left - 0.5,
        "x1": mark.left + mark.columns - 0.5,
        "y0": mark.top - 0.5,
        "y1": mark.top + mark.rows - 0.5,
    }
    return {"type": "rect", **corners, "line": {"color": colors.validation, "width": 3}, "fillcolor": "rgba(0,0,0,0)"}


def _cross(mark: Mark, colors: Palette) -> list[dict[str, Any]]:
    if mark.winner is None:
        return []
    row, column = mark.winner
    look = {"symbol": "x", "size": 9, "color": colors.validation}
    return [{"type": "scatter", "x": [column], "y": [row], "mode": "markers", "marker": look, "hoverinfo": "skip"}]
