"""Margins, grid and toolbar that all Plotly charts share."""

from collections.abc import Sequence
from typing import Any, Literal

import plotly.graph_objects as go

from core.charts.palette import Palette
from core.text import say

MARGIN = {"l": 56, "r": 12, "t": 12, "b": 48, "pad": 0}
"""Pixels; fixed, because label positions are computed from them."""

LEGEND = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"}
"""In one line above the plot."""

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "scrollZoom": False,
    "modeBarButtonsToRemove": ["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "select2d", "lasso2d"],
}
"""Keeps only the buttons for resetting the axes and saving a picture, and Streamlit's full-screen button."""


def picture_config(name: str, image: Literal["png", "svg"] = "png") -> dict[str, Any]:
    """CONFIG plus the file name and format for saving the chart as a picture.

    Only one format, because a second button needs a JavaScript function and the config is sent as JSON.
    """
    return {**CONFIG, "toImageButtonOptions": {"filename": name, "format": image, "scale": 2}}


def vertical(x: float, color: str, width: float = 1) -> dict[str, Any]:
    """A dotted line over the height of the plot."""
    line = {"color": color, "width": width, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def whole_ticks(last: float) -> dict[str, Any]:
    """Ticks for an axis from 0 to the last epoch or update: at most eight steps, whole numbers only."""
    steps = (digit * 10**power for power in range(9) for digit in (1, 2, 5))
    return {"tick0": 0, "dtick": next(step for step in steps if last / step <= 8), "tickformat": ",d"}


def framed(traces: Sequence[dict[str, Any]], colors: Palette, height: int, **layout: Any) -> go.Figure:
    """A figure on a transparent background; `layout` extends and overrides the product's layout.

    Traces are dictionaries because Plotly would validate graph objects twice, and scatter traces unless they have a
    type. A trace without hovertext or hovertemplate does not react to the mouse.
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
        # by name, because a saved picture has no language by which a browser would choose
        "font": {"color": colors.text, "size": 13, "family": say("language.fonts")},
        "showlegend": "legend" in layout,
        "hoverlabel": {"bgcolor": colors.panel, "bordercolor": colors.faint, "font": {"color": colors.text}},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": colors.quiet, "activecolor": colors.text},
        "xaxis": axis | {"showgrid": False},
        "yaxis": axis | {"showgrid": True},
    }
    return go.Figure([_hovered(trace) for trace in traces], _merged(base, layout))


def enlarged(figure: go.Figure, factor: float) -> go.Figure:
    """The figure with letters, and the margins that hold them, this many times as large."""
    wider = {side: round(factor * size) for side, size in figure.layout.margin.to_plotly_json().items()}
    return go.Figure(_larger(figure.to_dict(), factor)).update_layout(margin=wider)


def _larger(part: Any, factor: float, *, font: bool = False) -> Any:
    if isinstance(part, dict):
        return {
            name: factor * value if font and name == "size" else _larger(value, factor, font=name.endswith("font"))
            for name, value in part.items()
        }
    return [_larger(each, factor) for each in part] if isinstance(part, list) else part


def _hovered(trace: dict[str, Any]) -> dict[str, Any]:
    """The trace with a hover of its own text only, without Plotly's box for the trace's name."""
    if "hovertemplate" in trace:
        return trace | {"hovertemplate": f"{trace['hovertemplate']}<extra></extra>"}
    return {"hoverinfo": "text" if "hovertext" in trace else "skip"} | trace


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged
