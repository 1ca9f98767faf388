"""Paths of gradient descent: loss over images, loss over updates, and the loss surface from above."""

from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import Palette, faded
from core.explain.lessons.descent import Descent, Path
from core.formatting import loss
from core.text import say

Over = Literal["images", "updates"]

_DASHES = ("solid", "dash", "solid")
_SYMBOLS = ("circle", "diamond", "square")
_TICKS = (0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
_LOWEST = 0.01
"""Lower losses are drawn at the bottom of the color scale."""
_MARGIN = {"l": 48, "r": 12, "t": 10, "b": 44}


def path_colors(colors: Palette) -> tuple[str, str, str]:
    """Colors of the paths with one image, a mini-batch and all images per update."""
    return colors.classes[1], colors.classes[0], colors.classes[2]


def path_names(descent: Descent) -> tuple[str, str, str]:
    """Names of the three paths, in the same order."""
    size = descent.mini.batch_size
    return say("lessons.descent.one"), say("lessons.descent.some", size=size), say("lessons.descent.all")


def losses_figure(descent: Descent, *, images: int, over: Over, colors: Palette, height: int) -> go.Figure:
    """The loss over all images after each update, up to `images` images seen; updates are on a logarithmic axis.

    The rest of each path is drawn faintly, so that the axes stay fixed while the paths grow.
    """
    traces = []
    for i, (path, name) in enumerate(zip(descent.paths, path_names(descent), strict=True)):
        x = getattr(path, over) + (1 if over == "updates" else 0)
        until = path.until(images)
        look = _look(i, colors)
        traces.append(_line(x, path.loss, look | {"opacity": 0.16}))
        traces.append(
            _line(
                x[:until],
                path.loss[:until],
                look | {"name": name, "showlegend": over == "images", "hovertext": _hovers(name, path)[:until]},
            )
        )
        traces.append(_head(x[until - 1], path.loss[until - 1], i, colors))
    # a large rate's first jump would flatten everything else
    top = min(max(float(path.loss.max()) for path in descent.paths), 3 * float(descent.full.loss[0]))
    x_axis: dict[str, Any] = {"title": {"text": say(f"lessons.descent.{over}")}, "showgrid": False}
    if over == "updates":
        last = max(int(path.updates[-1]) for path in descent.paths)
        ticks = [10**power for power in range(6) if 10**power <= last + 1]
        x_axis |= {"type": "log", "tickvals": [t + 1 for t in ticks], "ticktext": [f"{t:,}" for t in ticks]}
    else:
        x_axis |= {"tickformat": ",d", "nticks": 5}
    return framed(
        traces,
        colors,
        height,
        margin=_MARGIN,
        xaxis=x_axis,
        yaxis={"title": {"text": say("lessons.descent.loss")}, "range": [-0.05 * top, 1.08 * top]},
    )


def surface_figure(descent: Descent, *, images: int, colors: Palette, height: int) -> go.Figure:
    """Contours of the loss in the plane of the paths, darker where it is higher, with the paths on top."""
    surface = descent.surface
    heights = np.log10(np.maximum(surface.loss, _LOWEST))
    ticks = [tick for tick in _TICKS if heights.min() - 0.1 <= np.log10(tick) <= heights.max()]
    ground = {
        "type": "contour",
        "x": surface.x,
        "y": surface.y,
        "z": heights,
        "colorscale": [[0, colors.background], [1, colors.bar]],
        "line": {"color": faded(colors.text, 0.25), "width": 1},
        "contours": {"start": -2, "end": float(heights.max()), "size": 0.2, "coloring": "fill"},
        "autocontour": False,
        "customdata": surface.loss,
        "hovertemplate": say("lessons.descent.surface_hover"),
        "colorbar": {
            "thickness": 10,
            "outlinewidth": 0,
            "title": {"text": say("lessons.descent.loss"), "side": "top", "font": {"size": 12}},
            "tickvals": [np.log10(tick) for tick in ticks],
            "ticktext": [f"{tick:g}" for tick in ticks],
            "tickfont": {"color": colors.quiet, "size": 11},
        },
    }
    traces = [ground]
    for i, (path, name) in enumerate(zip(descent.paths, path_names(descent), strict=True)):
        until = path.until(images)
        x, y = path.place[:until].T
        traces.append(_line(x, y, _look(i, colors) | {"hovertext": _hovers(name, path)[:until]}))
        traces.append(_head(x[-1], y[-1], i, colors))
    traces.append(
        _line(
            [0],
            [0],
            {
                "mode": "markers",
                "marker": {"symbol": "x-thin", "size": 12, "line": {"width": 2.5, "color": colors.text}},
                "hovertext": [say("lessons.descent.start")],
            },
        )
    )
    return framed(
        traces,
        colors,
        height,
        margin=_MARGIN | {"r": 4},
        xaxis=_side("lessons.descent.first_direction", surface.x),
        yaxis=_side("lessons.descent.second_direction", surface.y),
    )


def _side(title: str, values: Any) -> dict[str, Any]:
    return {"title": {"text": say(title)}, "range": [float(values[0]), float(values[-1])], "showgrid": False}


def _look(i: int, colors: Palette) -> dict[str, Any]:
    color = path_colors(colors)[i]
    look: dict[str, Any] = {"mode": "lines", "line": {"color": color, "width": 2, "dash": _DASHES[i]}}
    # with few updates, each one can be marked
    return look | ({"mode": "lines+markers", "marker": {"symbol": _SYMBOLS[i], "size": 5}} if i == 2 else {})


def _line(x: Any, y: Any, look: dict[str, Any]) -> dict[str, Any]:
    return {"x": x, "y": y, "showlegend": False} | look


def _head(x: float, y: float, i: int, colors: Palette) -> dict[str, Any]:
    """A marker at the current end of a path."""
    edge = {"width": 2, "color": colors.background}
    marker = {"symbol": _SYMBOLS[i], "size": 12, "color": path_colors(colors)[i], "line": edge}
    return _line([x], [y], {"mode": "markers", "marker": marker})


def _hovers(name: str, path: Path) -> list[str]:
    return [
        say("lessons.descent.hover", name=name, updates=f"{update:,}", images=f"{images:,}", loss=loss(value))
        for update, images, value in zip(path.updates, path.images, map(float, path.loss), strict=True)
    ]
