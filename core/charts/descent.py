"""Paths of gradient descent as the browser draws them: places as shares of a picture's width and height."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.array_types import Bytes, Doubles, Floats
from core.explain.lessons.descent import Descent, Surface

Over = Literal["images", "updates"]
Tick = tuple[float, str]
"""A share of an axis and its label."""

_SIDE = 240
_LEVELS = (0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
_LOWEST = 0.01
"""Lower losses are drawn like this one."""
_BAND = 0.2
"""Height of a band between two contour lines, in powers of ten."""
_APART = 0.08
"""Smallest distance between two labels."""


@dataclass(frozen=True, eq=False)
class Plane:
    """The loss around the paths, seen from above."""

    ink: Bytes
    """Higher losses have more ink (240, 240); first row at the top."""
    levels: list[Tick]
    """Losses where they meet the right edge, from the top."""
    start: tuple[float, float]
    paths: list[Floats]
    """Each path's places (moments, 2), from the left and the top."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Loss over images or updates; an axis for updates is logarithmic."""

    x_ticks: list[Tick]
    y_ticks: list[Tick]
    """From the top."""
    paths: list[Doubles]


def plane(descent: Descent) -> Plane:
    """The plane of the paths with the loss of all images."""
    surface = descent.surface
    low, high = (np.array([side[end] for side in (surface.x, surface.y)]) for end in (0, -1))

    def shares(places: Floats) -> Floats:
        share: Floats = (places - low) / (high - low)
        return np.stack([share[:, 0], 1 - share[:, 1]], axis=1)

    heights = _heights(surface)
    (start,) = shares(np.zeros((1, 2), np.float32)).tolist()
    return Plane(_ink(heights), _levels(heights[:, -1]), (start[0], start[1]), [shares(p.place) for p in descent.paths])


def curves(descent: Descent, over: Over) -> Curves:
    """The loss of all images along the paths; losses far above the start are cut off."""
    # a large rate's first jump would flatten everything else
    top = 1.05 * min(max(float(path.loss.max()) for path in descent.paths), 3 * float(descent.full.loss[0]))
    last = max(int(getattr(path, over)[-1]) for path in descent.paths)

    def x(values: Sequence[int]) -> Doubles:
        steps = np.asarray(values, np.float64)
        share: Doubles = np.log1p(steps) / np.log1p(last) if over == "updates" else steps / last
        return share

    if over == "updates":
        marks = [0, *(10**power for power in range(6) if 10**power <= last)]
    else:
        marks = list(range(0, last + 1, last // 5))
    step = next(step for step in (0.5, 1, 2, 5) if top / step <= 5)
    losses = np.arange(0, top, step)
    return Curves(
        [(float(share), f"{mark:,}") for share, mark in zip(x(marks), marks, strict=True)],
        [(float(1 - loss / top), f"{loss:g}") for loss in losses],
        [np.stack([x(getattr(path, over)), 1 - path.loss / top], axis=1) for path in descent.paths],
    )


def _heights(surface: Surface) -> Floats:
    """Log losses (240, 240), interpolated; first row at the top."""
    coarse = np.log10(np.maximum(surface.loss, _LOWEST))[::-1]
    known, wanted = np.linspace(0, 1, len(coarse)), np.linspace(0, 1, _SIDE)
    rows = np.stack([np.interp(wanted, known, row) for row in coarse])
    return np.stack([np.interp(wanted, known, column) for column in rows.T], axis=1).astype(np.float32)


def _ink(heights: Floats) -> Bytes:
    bands = np.floor(heights / _BAND)
    shade = (bands - bands.min()) / max(float(np.ptp(bands)), 1)
    line = np.zeros(bands.shape, bool)
    line[:, 1:] |= bands[:, 1:] != bands[:, :-1]
    line[1:] |= bands[1:] != bands[:-1]
    ink: Bytes = np.where(line, 40 + 110 * shade, 90 * shade).astype(np.uint8)
    return ink


def _levels(edge: Floats) -> list[Tick]:
    """Where the right edge crosses each level, nearby ones left out."""
    found: list[Tick] = []
    for level in _LEVELS:
        above = edge > np.log10(level)
        for row in np.flatnonzero(above[1:] != above[:-1]):
            share = float(row + 1) / len(edge)
            if all(abs(share - other) >= _APART for other, _ in found):
                found.append((share, f"{level:g}"))
    return found
