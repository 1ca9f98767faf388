"""Names at the ends of lines, moved apart where the ends are close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from core.charts.frame import MARGIN
from core.charts.palette import Palette

LINE_HEIGHT = 15.0
"""Minimum distance between labels, in pixels."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of a line, with the line's name and color."""

    x: float
    y: float
    text: str
    color: str


def end_labels(
    ends: Sequence[End],
    *,
    limits: tuple[float, float],
    height: float,
    margin: Mapping[str, float],
    colors: Palette,
    ceiling: float = inf,
) -> list[dict[str, Any]]:
    """Annotations to the right of the ends, joined to them by thin gray strokes.

    The height and the margins that differ from MARGIN are the figure's, in pixels. No label is placed above
    the value `ceiling`, which no data can exceed.
    """
    low, high = limits
    height -= sum({**MARGIN, **margin}[side] for side in "tb")
    ordered = sorted(ends, key=lambda end: end.y)
    at = [min(max((end.y - low) / (high - low), 0.0), 1.0) * height for end in ordered]
    top = min(1.0, (ceiling - low) / (high - low)) * height
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
            # must not look like data: thin, gray, and not touching the line
            "arrowwidth": 1,
            "arrowcolor": colors.quiet,
            "standoff": 4,
            "borderpad": 0,
        }
        for end, own, place in zip(ordered, at, apart(at, LINE_HEIGHT, top), strict=True)
    ]


def apart(places: Sequence[float], gap: float, height: float) -> list[float]:
    """Ascending places, moved as little as possible to be a gap apart, and within 0 to height if they fit.

    Least squares: isotonic regression by pooling adjacent violators (Barlow et al. 1972) after subtracting the gaps.
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


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
