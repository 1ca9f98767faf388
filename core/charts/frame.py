"""What all Plotly charts of the product have in common: margins, grid, tool bar."""

from collections.abc import Sequence
from typing import Any, Literal

import plotly.graph_objects as go

from core.charts.palette import Palette

MARGIN = {"l": 56, "r": 12, "t": 12, "b": 48, "pad": 0}
"""Pixels; fixed, since labels are laid out by them."""

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "scrollZoom": False,
    "modeBarButtonsToRemove": ["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "select2d", "lasso2d"],
}
"""Leaves the buttons for the first view and for a picture, and Streamlit's for the full screen."""


def picture_config(name: str, image: Literal["png", "svg"] = "png") -> dict[str, Any]:
    """CONFIG with the name and format of the picture that a chart is saved as.

    One format a chart: Plotly takes a second button only with a function, and a config travels as JSON.
    """
    return {**CONFIG, "toImageButtonOptions": {"filename": name, "format": image, "scale": 2}}


def whole_ticks(last: float) -> dict[str, Any]:
    """Ticks of an axis of epochs or updates from 0 to the last: at most eight, all whole."""
    steps = (digit * 10**power for power in range(9) for digit in (1, 2, 5))
    return {"tick0": 0, "dtick": next(step for step in steps if last / step <= 8), "tickformat": ",d"}


def framed(traces: Sequence[dict[str, Any]], colors: Palette, height: int, **layout: Any) -> go.Figure:
    """A figure of traces on a clear ground; `layout` adds to the product's and overrides it.

    Traces are dictionaries, since Plotly would check an object of its own a second time.
    """
    axis = {
        "gridcolor": colors.faint,
        "zeroline": False,
        "showline": False,
        "automargin": False,
        "tickfont": {"color": colors.quiet, "size": 12},
        "title": {"font": {"color": colors.quiet, "size": 13}, "standoff": 8},
    }
    base: dict[str, Any] = {
        "height": height,
        "margin": MARGIN,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": colors.text, "size": 13},
        "showlegend": False,
        "hoverlabel": {"bgcolor": colors.panel, "bordercolor": colors.faint, "font": {"color": colors.text}},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": colors.quiet, "activecolor": colors.text},
        "xaxis": axis | {"showgrid": False},
        "yaxis": axis | {"showgrid": True},
    }
    return go.Figure(list(traces), _merged(base, layout))


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged
