"""Pictures of square cells that can be clicked."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import Palette


def buttons(
    x: Sequence[Any], y: Sequence[Any], hovers: list[str], data: list[list[int]], **marker: int | str
) -> dict[str, Any]:
    """Invisible squares at x and y with `data` as their customdata, because heatmaps do not report clicks."""
    return {
        "x": x,
        "y": y,
        "mode": "markers",
        "marker": {"symbol": "square", "opacity": 0} | marker,
        "selected": {"marker": {"opacity": 0.12}},
        "unselected": {"marker": {"opacity": 0}},
        "customdata": data,
        "hovertext": hovers,
    }


def outline(rows: range, columns: range, color: str, width: float = 3) -> dict[str, Any]:
    """A rectangle around cells."""
    edges = {"x0": columns.start - 0.5, "x1": columns.stop - 0.5, "y0": rows.start - 0.5, "y1": rows.stop - 0.5}
    return {"type": "rect", **edges, "line": {"color": color, "width": width}, "fillcolor": "rgba(0,0,0,0)"}


def picture_figure(
    traces: Sequence[dict[str, Any]], shape: tuple[int, ...], colors: Palette, height: int, **layout: Any
) -> go.Figure:
    """A picture of `shape` (rows, columns) that fills the figure, row 0 at the top, without axes."""
    edge = {"showgrid": False, "fixedrange": True, "constrain": "domain", "ticks": "", "showticklabels": False}
    return framed(
        traces,
        colors,
        height,
        dragmode=False,
        margin={"l": 2, "r": 2, "t": 2, "b": 2},
        xaxis=edge | {"range": [-0.5, shape[1] - 0.5], "scaleanchor": "y", "constraintoward": "left"},
        yaxis=edge | {"range": [shape[0] - 0.5, -0.5], "constraintoward": "top"},
        **layout,
    )
