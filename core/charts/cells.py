"""A square grid of cells, label by prediction: colored off the diagonal, with numbers where they fit, clickable."""

import html
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.array_types import Counts, Doubles, Mask
from core.charts.frame import framed
from core.charts.grid import buttons, outline
from core.charts.palette import Palette, Scale, color_at, ink, stops
from core.text import say, shortened

Numbers = Doubles | Counts
Cell = tuple[int, int]
"""Label and prediction."""

MOST_WRITTEN = 25
"""The most classes for which a cell has room for its number and its color a gap around it."""
MOST_CLICKABLE = 625
"""Every cell of MOST_WRITTEN classes; of more, those with the largest numbers: the browser draws each one apart."""
_MARGIN, _TOP, _RIGHT = 44, 8, 8
_LETTER, _LINE = 6.5, 11
"""Pixels of a letter's width in a name on an axis, and of the least distance of two names."""
_LONGEST = 18
"""Letters of a name on an axis; the hover has all of them."""


def matrix_height(classes: Sequence[str]) -> int:
    """The height in pixels at which a grid of these classes is readable."""
    count = len(classes)
    cells = 318 if count <= 12 else min(520, 24 * count)
    return cells + _TOP + _name_margin(classes)


def cells_figure(
    values: Numbers,
    *,
    classes: Sequence[str],
    scale: Scale,
    limits: tuple[float, float],
    text: Callable[[Cell], str],
    hover: Callable[[Cell], str],
    hover_small: str,
    customdata: Callable[[Cell], list[int]],
    chosen: Cell | None,
    colors: Palette,
    height: int,
    order: Sequence[int] | None = None,
) -> go.Figure:
    """A figure of values (n, n); clicking a cell selects a point whose customdata is `customdata(cell)`.

    `order` has the classes in the order of rows and columns, by default that of their labels. `hover` gives HTML, and
    `hover_small` is Plotly's template for the cells of many classes that are not clickable: a text for each of ten
    thousand cells would take longer to send than the figure to draw.
    """
    count = len(values)
    labels = list(range(count)) if order is None else [int(label) for label in order]
    names = [html.escape(classes[label]) for label in labels]
    drawn = values[np.ix_(labels, labels)]
    diagonal = np.eye(count, dtype=bool)
    if count <= MOST_WRITTEN:
        layers = [
            *_written(drawn, labels, names, text, scale, limits, colors),
            _layer(names, drawn, diagonal, (colors.panel, colors.panel), limits)
            | _texts(drawn, labels, diagonal, text, colors.quiet),
        ]
        places = [(row, column) for row in range(count) for column in range(count)]
    else:
        layers = [_layer(names, drawn, ~diagonal, scale, limits) | {"hovertemplate": hover_small}]
        most = np.argsort(-np.abs(drawn), axis=None, kind="stable")[: min(MOST_CLICKABLE, np.count_nonzero(drawn))]
        places = [divmod(int(place), count) for place in most]
    cells = [(labels[row], labels[column]) for row, column in places]
    margin = _name_margin(classes)
    side = (height - _TOP - margin) / max(count, 1)
    clicks = buttons(
        [names[column] for _, column in places],
        [names[row] for row, _ in places],
        [hover(cell) for cell in cells],
        [customdata(cell) for cell in cells],
        size=30 if count <= 10 else max(6, math.floor(side)),
        color=colors.text,
    )
    shapes = []
    if chosen is not None:
        row, column = (labels.index(label) for label in chosen)
        shapes = [outline(range(row, row + 1), range(column, column + 1), colors.text, 2.5)]
    step = max(1, math.ceil(_LINE / max(side, 1)))
    edge = {
        "type": "category",
        "showgrid": False,
        "fixedrange": True,
        "constrain": "domain",
        "ticks": "",
        "ticklabelstandoff": 4,
        "tickfont": {"color": colors.text} | ({} if step == 1 and side > 14 else {"size": 10}),
        "tickvals": names[::step],
        "ticktext": [html.escape(shortened(classes[label], _LONGEST)) for label in labels[::step]],
    }
    across: dict[str, Any] = {"tickangle": -90 if margin > _MARGIN or count > MOST_WRITTEN else 0}
    return framed(
        [*layers, clicks],
        colors,
        height,
        dragmode=False,
        margin={"l": margin, "r": _RIGHT, "t": _TOP, "b": margin},
        # shows through the gaps as lines; without gaps it is the diagonal
        plot_bgcolor=colors.faint if count <= MOST_WRITTEN else colors.panel,
        shapes=shapes,
        xaxis=edge
        | across
        | {"title": {"text": say("charts.read_as")}, "range": [-0.5, count - 0.5], "scaleanchor": "y"},
        yaxis=edge
        | {"title": {"text": say("charts.true_digit")}, "range": [count - 0.5, -0.5], "constraintoward": "top"},
    )


def _written(
    values: Numbers,
    labels: Sequence[int],
    names: Sequence[str],
    text: Callable[[Cell], str],
    scale: Scale,
    limits: tuple[float, float],
    colors: Palette,
) -> list[dict[str, Any]]:
    """The cells off the diagonal with their numbers: a layer for each color of text.

    Plotly picks text colors without regard to the theme.
    """
    low, high = limits
    off = ~np.eye(len(values), dtype=bool)
    shades = [ink(colors, color_at(scale, (value - low) / (high - low))) for value in values.flat]
    inks = np.array(shades, dtype=object).reshape(values.shape)
    used = dict.fromkeys((colors.text, colors.background, *inks[off]))
    return [
        _layer(names, values, off & (inks == color), scale, limits)
        | _texts(values, labels, off & (inks == color), text, color)
        for color in used
    ]


def _texts(
    values: Numbers, labels: Sequence[int], where: Mask, text: Callable[[Cell], str], color: str
) -> dict[str, Any]:
    written = np.full(values.shape, "", dtype=object)
    for row, column in np.argwhere(where):
        written[row, column] = text((labels[row], labels[column]))
    return {"text": written, "texttemplate": "%{text}", "textfont": {"color": color, "size": 12}}


def _layer(
    names: Sequence[str], values: Numbers, where: Mask, scale: Scale, limits: tuple[float, float]
) -> dict[str, Any]:
    gap = 1 if len(names) <= MOST_WRITTEN else 0
    return {
        "type": "heatmap",
        "x": list(names),
        "y": list(names),
        "z": np.where(where, values, np.nan),
        "colorscale": stops(scale),
        "zmin": limits[0],
        "zmax": limits[1],
        "xgap": gap,
        "ygap": gap,
        "showscale": False,
    }


def _name_margin(classes: Sequence[str]) -> int:
    """Pixels beside the grid for the names of the classes and the axis's title."""
    longest = min(max(map(len, classes), default=1), _LONGEST)
    return _MARGIN if longest <= 2 else round(30 + _LETTER * longest)
