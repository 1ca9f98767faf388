"""A square grid of cells, true digit by answer: colored off the diagonal, labeled with numbers, all clickable."""

from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.array_types import Counts, Doubles, Mask
from core.charts.frame import framed
from core.charts.grid import buttons, outline
from core.charts.palette import Palette, Scale, color_at, ink, stops
from core.text import say

Numbers = Doubles | Counts
Cell = tuple[int, int]
"""True digit and answer."""


def cells_figure(
    values: Numbers,
    *,
    scale: Scale,
    limits: tuple[float, float],
    text: Callable[[Cell], str],
    hover: Callable[[Cell], str],
    customdata: Callable[[Cell], list[int]],
    chosen: Cell | None,
    colors: Palette,
    height: int,
) -> go.Figure:
    """A figure of values (n, n); clicking a cell selects a point whose customdata is `customdata(cell)`."""
    digits = [str(digit) for digit in range(len(values))]
    places: list[Cell] = [(true, read) for true in range(len(values)) for read in range(len(values))]
    texts = np.array([text(place) for place in places], dtype=object).reshape(values.shape)
    low, high = limits
    inks = np.array(
        [ink(colors, color_at(scale, (value - low) / (high - low))) for value in values.flat], dtype=object
    ).reshape(values.shape)
    diagonal = np.eye(len(values), dtype=bool)

    def layer(where: Mask, ink_color: str, layer_scale: Scale) -> dict[str, Any]:
        # Plotly picks text colors without regard to the theme, so each text color gets a layer of its own
        return {
            "type": "heatmap",
            "x": digits,
            "y": digits,
            "z": np.where(where, values, np.nan),
            "text": np.where(where, texts, ""),
            "texttemplate": "%{text}",
            "textfont": {"color": ink_color, "size": 12},
            "colorscale": stops(layer_scale),
            "zmin": low,
            "zmax": high,
            "xgap": 1,
            "ygap": 1,
            "showscale": False,
        }

    used = dict.fromkeys((colors.text, colors.background, *inks[~diagonal]))
    layers = [layer(~diagonal & (inks == color), color, scale) for color in used]
    layers.append(layer(diagonal, colors.quiet, (colors.panel, colors.panel)))
    clicks = buttons(
        [digits[read] for _, read in places],
        [digits[true] for true, _ in places],
        [hover(place) for place in places],
        [customdata(place) for place in places],
        size=30,
        color=colors.text,
    )
    shapes = []
    if chosen is not None:
        true, read = chosen
        shapes = [outline(range(true, true + 1), range(read, read + 1), colors.text, 2.5)]
    edge = {
        "type": "category",
        "showgrid": False,
        "fixedrange": True,
        "constrain": "domain",
        "ticks": "",
        "ticklabelstandoff": 4,
        "tickfont": {"color": colors.text},
    }
    return framed(
        [*layers, clicks],
        colors,
        height,
        dragmode=False,
        margin={"l": 44, "r": 8, "t": 30, "b": 44},
        plot_bgcolor=colors.faint,  # shows through the gaps as lines
        shapes=shapes,
        xaxis=edge | {"title": {"text": say("charts.read_as")}, "range": [-0.5, len(values) - 0.5], "scaleanchor": "y"},
        yaxis=edge
        | {"title": {"text": say("charts.true_digit")}, "range": [len(values) - 0.5, -0.5], "constraintoward": "top"},
    )
