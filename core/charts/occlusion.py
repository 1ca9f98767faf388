"""How covering each part of a digit changes the probability of its class, drawn over the digit."""

import html
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.array_types import Floats
from core.charts.grid import buttons, outline, picture_figure
from core.charts.palette import Palette, faded, stops
from core.explain.occlusion import Occlusion, span
from core.formatting import probability
from core.text import say

FAINTEST = 0.01
"""Change that gets the strongest color, or the largest change if larger, so that 1 % stays pale."""

_STEPS = 16


def occlusion_figure(
    found: Occlusion,
    image: Floats,
    *,
    classes: Sequence[str],
    ink: bool,
    label: int,
    chosen: tuple[int, int],
    colors: Palette,
    height: int,
) -> go.Figure:
    """Red where covering lowers the label's probability, blue where it raises it; a cell's customdata is its place.

    `image` is float32 (h, w) or with channels, drawn in gray below, and of `ink` its outline on top. `chosen` is
    a place (row, column) of the grid.
    """
    change = found.change(label)
    places = [(row, column) for row in range(change.shape[0]) for column in range(change.shape[1])]
    image = image if image.ndim == 2 else image.mean(axis=2)
    limit = max(float(np.abs(change).max()), FAINTEST)
    digit = {
        "type": "heatmap",
        "z": image,
        "colorscale": stops((colors.panel, colors.text) if ink else ("#000000", "#FFFFFF")),
        "zmin": 0,
        "zmax": 1.6 if ink else 1,  # keeps ink gray, so that the colors above it are visible
        "showscale": False,
    }
    # each place of the grid covers `step` × `step` pixels
    rows, columns = ([place * found.step + (found.step - 1) / 2 for place in range(side)] for side in change.shape)
    changes = {
        "type": "heatmap",
        "x": columns,
        "y": rows,
        "z": -change,
        "colorscale": _veils(colors),
        "zmin": -limit,
        "zmax": limit,
        "colorbar": {
            "thickness": 12,
            "len": 0.9,
            "outlinewidth": 0,
            "tickvals": [-limit, 0, limit],
            "ticktext": [_points(limit), "0", _points(-limit)],
            "tickfont": {"color": colors.quiet},
        },
    }
    contour = {
        "type": "contour",
        "z": image,
        "autocontour": False,
        "contours": {"start": 0.5, "end": 0.5, "size": 1, "coloring": "none"},
        "line": {"color": colors.text, "width": 1.5},
        "showscale": False,
    }
    cells = buttons(
        [columns[column] for _, column in places],
        [rows[row] for row, _ in places],
        [_hover(found, place, label, classes) for place in places],
        [list(place) for place in places],
        size=max(9, round(0.8 * height / len(change))),
    )
    covered = (span(number, found.patch, found.step) for number in chosen)
    down, across = (range(p.start, min(p.stop, side)) for p, side in zip(covered, image.shape, strict=True))
    shapes = [outline(down, across, colors.validation)]
    layers = [digit, changes, *([contour] if ink else []), cells]
    return picture_figure(layers, image.shape, colors, height, shapes=shapes)


def _veils(colors: Palette) -> list[list[float | str]]:
    """A color scale from blue through transparent to red: the smaller the change, the more of the digit shows."""
    low, high = colors.difference[0], colors.difference[-1]
    shares = [2 * step / _STEPS - 1 for step in range(_STEPS + 1)]
    return [[(1 + share) / 2, faded(low if share < 0 else high, 0.9 * abs(share) ** 0.8)] for share in shares]


def _hover(found: Occlusion, place: tuple[int, int], label: int, classes: Sequence[str]) -> str:
    row, column = place
    return say(
        "occlusion.hover",
        row=row * found.step,
        column=column * found.step,
        label=html.escape(classes[label]),
        before=html.escape(probability(float(found.whole[label]))),
        after=html.escape(probability(float(found.covered[row, column, label]))),
        predicted=html.escape(classes[int(found.covered[row, column].argmax())]),
    )


def _points(change: float) -> str:
    """A change of probability in percentage points: −0.42 as −42."""
    sign = "−" if change < 0 else "+"
    return say("occlusion.points", change=f"{sign}{100 * abs(change):.3g}")
