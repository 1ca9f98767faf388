"""The curves of several runs in one chart."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import plotly.graph_objects as go

from core.charts.end_labels import End, end_labels
from core.charts.frame import LEGEND, framed, whole_ticks
from core.charts.palette import Palette, faded
from core.formatting import duration, loss, percent, percent_sign
from core.text import say

Metric = Literal["loss", "accuracy"]
Against = Literal["epoch", "update", "seconds"]

LABELED = 4
"""Maximum number of runs that are labeled at the ends of their lines."""

LABEL_LENGTH = 16
LONG = 10
"""From this many epochs on, the axis may leave out the first training value."""
DASHES: dict[str, dict[str, Any]] = {
    "validation": {"width": 2, "dash": "solid"},
    "training": {"width": 1.5, "dash": "dash"},
}
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star", "triangle-down", "pentagon", "cross", "hexagon")
TIME_STEPS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
"""Possible distances between ticks, in seconds."""


@dataclass(frozen=True, slots=True)
class RunCurve:
    """A run, or a group of runs that differ only in their seed; missing values are NaN, missing curves empty.

    `band` is (low, high) around validation, or around training if nothing was validated.
    """

    name: str
    x: Sequence[float]
    training: Sequence[float]
    validation: Sequence[float]
    band: tuple[Sequence[float], Sequence[float]] | None = None
    color: str = field(kw_only=True)
    """As #rrggbb."""


def runs_figure(
    curves: Sequence[RunCurve], *, metric: Metric, against: Against, colors: Palette, height: int
) -> go.Figure:
    """Validation solid and training dashed, with a color and a marker for each run; accuracy in percent.

    x is in epochs, updates or seconds. A few runs with short names are labeled at their ends, others in a legend.
    """
    unit = 100 if metric == "accuracy" else 1
    limits = _limits(curves, unit, metric)
    margin = {"t": 34, "l": 64}
    labels: list[dict[str, Any]] = []
    if named := _named_at_ends(curves):
        margin["r"] = 40 + 8 * max(len(curve.name) for curve in curves)
        ends = [
            End(curve.x[-1], unit * _main(curve)[-1], html.escape(curve.name, quote=False), curve.color)
            for curve in curves
        ]
        ceiling = 100 if metric == "accuracy" else math.inf
        labels = end_labels(ends, limits=limits, height=height, margin=margin, colors=colors, ceiling=ceiling)
    lines = [line for i, curve in enumerate(curves) for line in _lines(i, curve, metric, against, not named)]
    return framed(
        [*_bands(curves, unit), *lines, *_key(curves, colors)],
        colors,
        height,
        margin=margin,
        legend=LEGEND | {"y": 1.02, "font": {"size": 12}},
        annotations=labels,
        xaxis=_x_axis(curves, against),
        yaxis={
            "title": {"text": say(f"charts.{metric}")},
            "range": list(limits),
            "ticksuffix": percent_sign() if metric == "accuracy" else "",
        },
    )


def _lines(i: int, curve: RunCurve, metric: Metric, against: Against, legend: bool) -> list[dict[str, Any]]:
    unit, show = (100, percent) if metric == "accuracy" else (1, loss)
    name = html.escape(curve.name, quote=False)
    parts = [part for part in ("training", "validation") if _any(getattr(curve, part))]
    return [
        {
            "x": list(curve.x),
            "y": [unit * y for y in getattr(curve, part)],
            "name": name,
            "legendgroup": str(i),
            "showlegend": legend and part == parts[-1],
            "mode": "lines" if part == "training" and len(curve.x) > 1 else "lines+markers",
            "line": {"color": curve.color} | DASHES[part],
            "marker": {"symbol": SYMBOLS[i % len(SYMBOLS)], "size": 6},
            "hovertext": [
                say("charts.point", run=name, part=say(f"charts.{part}"), at=_at(x, against), value=show(y))
                for x, y in zip(curve.x, getattr(curve, part), strict=True)
            ],
        }
        for part in parts
    ]


def _bands(curves: Sequence[RunCurve], unit: int) -> list[dict[str, Any]]:
    bands = []
    for i, curve in enumerate(curves):
        if curve.band is None:
            continue
        edges = [edge for edge in zip(curve.x, *curve.band, strict=True) if all(map(math.isfinite, edge))]
        bands.append(
            {
                "x": [x for x, _, _ in edges] + [x for x, _, _ in reversed(edges)],
                "y": [unit * high for _, _, high in edges] + [unit * low for _, low, _ in reversed(edges)],
                "fill": "toself",
                "fillcolor": faded(curve.color, 0.2),
                "line": {"width": 0},
                "mode": "lines",
                "legendgroup": str(i),
                "showlegend": False,
            }
        )
    return bands


def _key(curves: Sequence[RunCurve], colors: Palette) -> list[dict[str, Any]]:
    """Legend entries that explain dashed and solid lines."""
    return [
        {
            "x": [None],
            "y": [None],
            "mode": "lines",
            "line": {"color": colors.quiet} | dash,
            "name": say(f"charts.{part}"),
            "legendgroup": part,
        }
        for part, dash in DASHES.items()
        if any(_any(getattr(curve, part)) for curve in curves)
    ]


def _named_at_ends(curves: Sequence[RunCurve]) -> bool:
    if not 0 < len(curves) <= LABELED or not all(len(curve.x) and len(curve.name) <= LABEL_LENGTH for curve in curves):
        return False
    ends = [curve.x[-1] for curve in curves]
    # a name at the end of a shorter line would overlap the others
    return min(ends) >= 0.97 * max(ends)


def _main(curve: RunCurve) -> Sequence[float]:
    return curve.validation if _any(curve.validation) else curve.training


def _any(values: Sequence[float]) -> bool:
    return any(math.isfinite(value) for value in values)


def _limits(curves: Sequence[RunCurve], unit: int, metric: Metric) -> tuple[float, float]:
    # the first training value averages over a network that is still guessing, and would flatten a long run
    parts = [values for curve in curves for values in (curve.training[len(curve.x) >= LONG :], curve.validation)]
    finite = [unit * value for values in parts for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    room = 0.05 * (high - low) or 0.05
    return low - room, min(high + room, 100.5) if metric == "accuracy" else high + room


def _x_axis(curves: Sequence[RunCurve], against: Against) -> dict[str, Any]:
    longest = max((x for curve in curves for x in curve.x), default=1.0)
    # an explicit range, because Plotly would otherwise make room for the labels inside the axes
    axis: dict[str, Any] = {"range": [-0.015 * longest, 1.015 * longest]}
    if against != "seconds":
        return axis | whole_ticks(longest) | {"title": {"text": say(f"charts.{against}")}}
    if longest < 2 * TIME_STEPS[0]:
        return axis | {"title": {"text": say("charts.seconds")}}
    step = next((step for step in TIME_STEPS if longest / step <= 6), TIME_STEPS[-1])
    ticks = range(0, int(longest) + 1, step)
    return axis | {
        "title": {"text": say("charts.time")},
        "tickvals": list(ticks),
        "ticktext": ["0", *(duration(tick) for tick in ticks[1:])],
    }


def _at(x: float, against: Against) -> str:
    return duration(x) if against == "seconds" else say(f"charts.{against}_is", **{against: f"{x:,.0f}"})
