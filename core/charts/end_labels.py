"""Names written at the ends of lines, moved apart where the ends are close."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.charts.frame import MARGIN
from core.charts.palette import Palette

LINE_HEIGHT = 15.0
"""Pixels from one label to the next, at least."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a line ends, what it is called and its color."""

    x: float
    y: float
    text: str
    color: str


def end_labels(
    ends: Sequence[End],
    *,
    limits: tuple[float, float],
    height: float,
    colors: Palette,
    ceiling: float | None = None,
) -> list[dict[str, Any]]:
    """Annotations right of the ends, each led to its own by a thin gray stroke; `height` is the plot's, in pixels.

    No label, and so no stroke, is above the value `ceiling`, which no data can exceed.
    """
    low, high = limits
    ordered = sorted(ends, key=lambda end: end.y)
    at = [min(max((end.y - low) / (high - low), 0.0), 1.0) * height for end in ordered]
    top = height if ceiling is None else min(1.0, (ceiling - low) / (high - low)) * height
    return [
        {
            "x": end.x,
            "y": low + own / height * (high - low),
            "text": f'<span style="color:{end.color}">■</span> {end.text}',
            "ax": 16,
            "ay": own - place,  # counted downwards
            "xanchor": "left",
            "showarrow": True,
            "arrowhead": 0,
            # unlike a line of data: thin, gray, and apart from the line that it names
            "arrowwidth": 1,
            "arrowcolor": colors.quiet,
            "standoff": 4,
            "borderpad": 0,
        }
        for end, own, place in zip(ordered, at, apart(at, LINE_HEIGHT, top), strict=True)
    ]


def apart(places: Sequence[float], gap: float, height: float) -> list[float]:
    """Ascending places moved as little as keeps them a gap apart, and if they fit from 0 to height.

    Least squares: isotonic regression by pooling adjacent violators (Barlow et al. 1972) once the gaps are taken out.
    """
    pools: list[list[float]] = []
    for i, place in enumerate(places):
        pools.append([place - i * gap])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    room = max(0.0, height - (len(places) - 1) * gap)
    closed = [min(max(_mean(pool), 0.0), room) for pool in pools for _ in pool]
    return [place + i * gap for i, place in enumerate(closed)]


def plot_height(height: int, **margin: int) -> int:
    """Pixels between the axes of a figure whose margins are the product's but for those given."""
    whole = {**MARGIN, **margin}
    return height - whole["t"] - whole["b"]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
