"""How covering each part of a digit changes the probability of its class, drawn over the digit."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.frame import framed
from core.charts.palette import Palette, faded, stops
from core.explain.occlusion import Occlusion, span
from core.formatting import percent
from core.text import say

FAINTEST = 0.01
"""Change that gets the strongest color, or the largest change if larger, so that 1 % stays pale."""

_STEPS = 16


def occlusion_figure(
    found: Occlusion, image: NDArray[np.float32], *, label: int, chosen: tuple[int, int], colors: Palette, height: int
) -> go.Figure:
    """Red where covering lowers the label's probability, blue where it raises it; a cell's customdata is its place.

    `image` is float32 (28, 28), drawn in gray below, with its outline on top. `chosen` is a place (row, column) of
    the grid.
    """
    change = found.change(label)
    places = [(row, column) for row in range(len(change)) for column in range(len(change))]
    limit = max(float(np.abs(change).max()), FAINTEST)
    digit = {
        "type": "heatmap",
        "z": image,
        "colorscale": stops((colors.panel, colors.text)),
        "zmin": 0,
        "zmax": 1.6,  # keeps ink gray, so that the colors above it are visible
        "showscale": False,
        "hoverinfo": "skip",
    }
    # each place of the grid covers `step` × `step` pixels
    middle = [place * found.step + (found.step - 1) / 2 for place in range(len(change))]
    changes = {
        "type": "heatmap",
        "x": middle,
        "y": middle,
        "z": -change,
        "colorscale": _veils(colors),
        "zmin": -limit,
        "zmax": limit,
        "hoverinfo": "skip",
        "colorbar": {
            "thickness": 12,
            "len": 0.9,
            "outlinewidth": 0,
            "tickvals": [-limit, 0, limit],
            "ticktext": [_points(limit), "0", _points(-limit)],
            "tickfont": {"color": colors.quiet},
        },
    }
    outline = {
        "type": "contour",
        "z": image,
        "autocontour": False,
        "contours": {"start": 0.5, "end": 0.5, "size": 1, "coloring": "none"},
        "line": {"color": colors.text, "width": 1.5},
        "showscale": False,
        "hoverinfo": "skip",
    }
    buttons = {
        "type": "scatter",
        "x": [middle[column] for _, column in places],
        "y": [middle[row] for row, _ in places],
        "mode": "markers",
        "marker": {"symbol": "square", "size": max(9, round(0.8 * height / len(change))), "opacity": 0},
        "selected": {"marker": {"opacity": 0.12}},
        "unselected": {"marker": {"opacity": 0}},
        "customdata": [list(place) for place in places],
        "hovertext": [_hover(found, place, label) for place in places],
        "hoverinfo": "text",
    }
    edge = {"showgrid": False, "fixedrange": True, "constrain": "domain", "ticks": "", "showticklabels": False}
    side = len(image)
    return framed(
        [digit, changes, outline, buttons],
        colors,
        height,
        dragmode=False,
        hovermode="closest",
        margin={"l": 2, "r": 2, "t": 2, "b": 2},
        shapes=[_patch(found, chosen, side, colors)],
        xaxis=edge | {"range": [-0.5, side - 0.5], "scaleanchor": "y", "constraintoward": "left"},
        yaxis=edge | {"range": [side - 0.5, -0.5], "constraintoward": "top"},
    )


def _veils(colors: Palette) -> list[list[float | str]]:
    """A color scale from blue through transparent to red: the smaller the change, the more of the digit shows."""
    low, high = colors.difference[0], colors.difference[-1]
    shares = [2 * step / _STEPS - 1 for step in range(_STEPS + 1)]
    return [[(1 + share) / 2, faded(low if share < 0 else high, 0.9 * abs(share) ** 0.8)] for share in shares]


def _hover(found: Occlusion, place: tuple[int, int], label: int) -> str:
    row, column = place
    return say(
        "occlusion.hover",
        row=row * found.step,
        column=column * found.step,
        label=label,
        before=percent(float(found.whole[label])),
        after=percent(float(found.covered[row, column, label])),
        predicted=int(found.covered[row, column].argmax()),
    )


def _points(change: float) -> str:
    """A change of probability in percentage points: −0.42 as −42."""
    sign = "−" if change < 0 else "+"
    return say("occlusion.points", change=f"{sign}{100 * abs(change):.3g}")


def _patch(found: Occlusion, place: tuple[int, int], side: int, colors: Palette) -> dict[str, Any]:
    rows, columns = (span(number, found.patch, found.step) for number in place)
    corners = {
        "x0": columns.start - 0.5,
        "x1": min(columns.stop, side) - 0.5,
        "y0": rows.start - 0.5,
        "y1": min(rows.stop, side) - 0.5,
    }
    return {"type": "rect", **corners, "line": {"color": colors.validation, "width": 3}, "fillcolor": "rgba(0,0,0,0)"}
