"""A feature map before or after pooling, with one window marked."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go

from core.array_types import Floats
from core.charts.grid import buttons, outline, picture_figure
from core.charts.palette import Palette, stops
from core.text import say

Place = tuple[int, int]


def map_figure(
    values: Floats,
    *,
    strongest: float,
    weakest: float,
    window: tuple[range, range],
    winner: Place | None,
    window_of: Callable[[Place], Place],
    colors: Palette,
    height: int,
) -> go.Figure:
    """A map (h, w) in gray levels on the same scale before and after pooling; a cell's customdata is its window.

    The rows and columns of `window` are outlined, and the `winner` of the pooling is marked with a cross.
    """
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
        "xgap": 1 if columns <= 14 else 0.5,
        "ygap": 1 if rows <= 14 else 0.5,
    }
    hovers = [
        say("pooling.hover", row=row, column=column, value=f"{values[row, column]:.3f}") for row, column in places
    ]
    cells = buttons(
        [column for _, column in places],
        [row for row, _ in places],
        hovers,
        [list(window_of(place)) for place in places],
        size=max(8, round(0.8 * height / rows)),
    )
    layers: list[dict[str, Any]] = [gray]
    if winner is not None:
        cross = {"symbol": "x", "size": 9, "color": colors.validation}
        layers.append({"x": [winner[1]], "y": [winner[0]], "mode": "markers", "marker": cross})
    return picture_figure(
        [*layers, cells],
        values.shape,
        colors,
        height,
        plot_bgcolor=colors.faint,
        shapes=[outline(*window, colors.validation)],
    )
