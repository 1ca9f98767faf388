"""Digits as strokes of a pen: read from a file, varied as hands vary, drawn as a canvas draws them."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.errors import DataUnavailable
from core.text import say

Path2D = NDArray[np.float32]
"""One stroke: points float32 (n, 2), x and y, y grows downwards."""
Strokes = Sequence[Path2D]

CANVAS = 280
_FINE = 3


@dataclass(frozen=True, slots=True, eq=False)
class PenDigit:
    """A digit as somebody wrote it."""

    label: int
    writer: str
    strokes: tuple[Path2D, ...]


def read_pen_digits(path: Path) -> list[PenDigit]:
    """The digits of a gzipped JSON file, `[{"label": 8, "writer": "12", "strokes": [[[x, y], ...], ...]}]`.

    Raises DataUnavailable where it is not there or something else.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            records = json.load(file)
        digits = [
            PenDigit(
                int(record["label"]),
                str(record["writer"]),
                tuple(np.array(points, np.float32).reshape(-1, 2) for points in record["strokes"] if points),
            )
            for record in records
        ]
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        raise DataUnavailable(say("drawing.bad_strokes", path=path)) from None
    if not digits or not all(digit.strokes and 0 <= digit.label <= 9 for digit in digits):
        raise DataUnavailable(say("drawing.bad_strokes", path=path))
    return digits


def render(
    strokes: Strokes, size: float, place: tuple[float, float], pen_width: float, *, side: int = CANVAS
) -> NDArray[np.uint8]:
    """The strokes drawn black on nothing, uint8 (side, side, 4), with round caps and joins, anti-aliased.

    size is the longer side of the digit with its pen's width in points, place where the middle of its box lies.
    """
    points = np.concatenate(list(strokes))
    low, high = points.min(axis=0), points.max(axis=0)
    scale = max(size - pen_width, 1) / max(float((high - low).max()), 1e-6)
    image = Image.new("L", (side * _FINE, side * _FINE))
    pen = ImageDraw.Draw(image)
    radius = pen_width * _FINE / 2
    for stroke in strokes:
        line = ((stroke - (low + high) / 2) * scale + np.array(place)) * _FINE
        corners = [(float(x), float(y)) for x, y in line]
        pen.line(corners, fill=255, width=max(1, round(2 * radius)))
        for x, y in corners:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    drawn = np.zeros((side, side, 4), np.uint8)
    drawn[..., 3] = np.asarray(image.reduce(_FINE))
    return drawn


def smooth(controls: NDArray[np.float64]) -> Path2D:
    """A Catmull–Rom curve through the points, float32 (n, 2)."""
    ends = np.concatenate([2 * controls[:1] - controls[1:2], controls, 2 * controls[-1:] - controls[-2:-1]])
    t = np.linspace(0, 1, 12, endpoint=False)[:, None]
    pieces = []
    for before, first, second, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        bend = 2 * before - 5 * first + 4 * second - after
        pieces.append(first + 0.5 * t * (second - before + t * (bend + t * (3 * (first - second) + after - before))))
    return np.concatenate([*pieces, controls[-1:]]).astype(np.float32)
