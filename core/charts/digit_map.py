"""Digits as points in a plane, colored by class, with misread ones marked."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.array_types import Bytes, Floats, Indices
from core.charts.frame import LEGEND, framed
from core.charts.palette import Palette, faded
from core.config.network import CLASSES
from core.text import say


def digit_map_figure(
    points: Floats,
    labels: Bytes,
    predicted: Bytes,
    *,
    chosen: int | None,
    axes: tuple[str, str] = ("", ""),
    colors: Palette,
    height: int,
) -> go.Figure:
    """One trace for each class, with its number at the median of its points, and one of crosses for misread digits.

    Points are float32 (n, 2), labels and predicted uint8 (n,); a point's customdata is [index]. The digit with index
    `chosen` has a ring.
    """
    wrong = predicted != labels
    traces = [
        _points(
            np.flatnonzero((labels == digit) & ~wrong),
            points,
            name=str(digit),
            marker={"color": colors.classes[digit], "size": 6, "opacity": 0.75},
            hovertemplate=say("map_chart.right", label=digit),
        )
        for digit in range(CLASSES)
    ]
    indices = np.flatnonzero(wrong)
    # an untrained network misreads nearly all digits; smaller crosses keep the classes visible
    few = len(indices) < 0.2 * len(points)
    missed = _points(
        indices,
        points,
        name=say("map_chart.misread"),
        marker={
            "symbol": "x",
            "size": 9 if few else 7,
            "color": [colors.classes[label] for label in labels[indices]],
            "line": {"color": colors.wrong, "width": 1.5 if few else 0},
        },
        hovertext=[say("map_chart.wrong", index=i, label=labels[i], predicted=predicted[i]) for i in indices],
    )
    traces.append(missed)
    present = [digit for digit in range(CLASSES) if (labels == digit).any()]
    traces.append(_numbers(present, [points[labels == digit] for digit in present], colors))
    if chosen is not None and chosen < len(points):
        x, y = map(float, points[chosen])
        ring = {"symbol": "circle-open", "size": 20, "color": colors.text, "line": {"width": 2.5}}
        name = say("map_chart.chosen", index=chosen)
        ringed: dict[str, Any] = {"mode": "markers", "x": [x], "y": [y], "marker": ring}
        traces.append(ringed | {"name": name, "hoverinfo": "skip", "showlegend": False})
    low, high = points.min(axis=0, initial=0), points.max(axis=0, initial=0)
    room = 0.04 * np.maximum(high - low, 1e-6)
    return framed(
        traces,
        colors,
        height,
        dragmode=False,
        legend=LEGEND | {"itemsizing": "constant", "font": {"size": 12}, "entrywidth": 0},
        margin={"l": 20, "r": 8, "t": 30, "b": 22},
        plot_bgcolor=colors.background,
        xaxis=_edge(axes[0], low[0] - room[0], high[0] + room[0]),
        yaxis=_edge(axes[1], low[1] - room[1], high[1] + room[1]),
    )


def _points(
    indices: Indices, points: Floats, *, name: str, marker: dict[str, Any], **hover: str | list[str]
) -> dict[str, Any]:
    return {
        "mode": "markers",
        "name": name,
        "x": np.round(points[indices, 0], 3),
        "y": np.round(points[indices, 1], 3),
        "marker": marker,
        # a click redraws the map with a ring around the digit, so Plotly must not fade the others
        "unselected": {"marker": {"opacity": marker.get("opacity", 1)}},
        "customdata": [[int(index)] for index in indices],
        **hover,
    }


def _numbers(digits: list[int], owned: list[Floats], colors: Palette) -> dict[str, Any]:
    """Each class's number at the median of its points; a trace, because a ring cannot be drawn above annotations."""
    middles = np.array([np.median(own, axis=0) for own in owned]).reshape(-1, 2)
    return {
        "mode": "markers+text",
        "x": np.round(middles[:, 0], 3),
        "y": np.round(middles[:, 1], 3),
        "text": [f"<b>{digit}</b>" for digit in digits],
        "textfont": {"size": 17, "color": colors.text},
        "marker": {
            "symbol": "square",
            "size": 24,
            "color": faded(colors.background, 0.7),
            "line": {"color": [colors.classes[digit] for digit in digits], "width": 2},
        },
        "showlegend": False,
    }


def _edge(title: str, low: float, high: float) -> dict[str, Any]:
    return {
        "title": {"text": title, "standoff": 2},
        "range": [float(low), float(high)],
        "showticklabels": False,
        "showgrid": False,
        "fixedrange": True,
        "zeroline": False,
        "ticks": "",
    }
