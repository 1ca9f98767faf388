"""Digits as pen strokes: read them from a file and draw them on a canvas."""

import gzip
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from core.array_types import Bytes, Doubles, Floats
from core.errors import DataUnavailable
from core.places import place

Path2D = Floats
"""One stroke: points float32 (n, 2), x and y, with y downward."""
Strokes = Sequence[Path2D]

GIVEN = "DIGIT_LAB_PEN_STROKES"
"""Environment variable with the file of strokes for benchmarks and tests."""

CANVAS = 280
_FINE = 3
_GZIP = b"\x1f\x8b"
_UNREADABLE = (
    "{path} cannot be read as pen strokes; name UCI's unpacked pendigits-orig.tra, or a gzipped JSON file of digits "
    "with label, writer and strokes."
)


@dataclass(frozen=True, slots=True, eq=False)
class PenDigit:
    """A digit as written by a person."""

    label: int
    writer: str
    strokes: tuple[Path2D, ...]


def read_pen_digits(path: Path) -> list[PenDigit]:
    """Read UCI's unpacked `pendigits-orig.tra`, or a gzipped JSON file of the same digits.

    The JSON is `[{"label": 8, "writer": "12", "strokes": [[[x, y], ...], ...]}]`, with y downward. Raises
    DataUnavailable if the file is missing or invalid.
    """
    # imported here, because it imports this module
    from research.handwriting.unipen import read_unipen

    try:
        content = path.read_bytes()
        digits = _from_json(content) if content[:2] == _GZIP else read_unipen(content.decode("ascii"))
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        raise DataUnavailable("errors.as_written", text=_UNREADABLE.format(path=path)) from None
    if not digits or not all(digit.strokes and 0 <= digit.label <= 9 for digit in digits):
        raise DataUnavailable("errors.as_written", text=_UNREADABLE.format(path=path))
    return digits


def given_pen_digits() -> list[PenDigit]:
    """The digits of the file that DIGIT_LAB_PEN_STROKES names; raises DataUnavailable if that is unset or unusable."""
    given = os.environ.get(GIVEN, "")
    if not given:
        advice = f"Set {GIVEN} to a file of pen strokes: research/handwriting/README.md says which."
        raise DataUnavailable("errors.as_written", text=advice)
    return read_pen_digits(place(given))


def digest(digits: Sequence[PenDigit]) -> str:
    """SHA-256 of the digits as compact JSON, the same for both kinds of files."""
    records = [
        {"label": digit.label, "writer": digit.writer, "strokes": [path.astype(int).tolist() for path in digit.strokes]}
        for digit in digits
    ]
    return hashlib.sha256(json.dumps(records, separators=(",", ":")).encode()).hexdigest()


def path_of(points: Sequence[Sequence[float]]) -> Path2D:
    """A stroke through these points."""
    return np.array(points, np.float32).reshape(-1, 2)


def _from_json(content: bytes) -> list[PenDigit]:
    return [
        PenDigit(
            int(record["label"]),
            str(record["writer"]),
            tuple(path_of(points) for points in record["strokes"] if points),
        )
        for record in json.loads(gzip.decompress(content))
    ]


def render(strokes: Strokes, size: float, place: tuple[float, float], pen_width: float, *, side: int = CANVAS) -> Bytes:
    """Draw the strokes in black on transparency, uint8 (side, side, 4), anti-aliased, with round caps and joins.

    `size` is the longer side of the digit including the pen width, in pixels; `place` is the middle of its box.
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


def smooth(controls: Doubles) -> Path2D:
    """A Catmull–Rom curve through the points, float32 (n, 2)."""
    ends = np.concatenate([2 * controls[:1] - controls[1:2], controls, 2 * controls[-1:] - controls[-2:-1]])
    t = np.linspace(0, 1, 12, endpoint=False)[:, None]
    pieces = []
    for before, first, second, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        bend = 2 * before - 5 * first + 4 * second - after
        pieces.append(first + 0.5 * t * (second - before + t * (bend + t * (3 * (first - second) + after - before))))
    return np.concatenate([*pieces, controls[-1:]]).astype(np.float32)
