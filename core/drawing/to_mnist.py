"""Convert a drawing to a digit in MNIST's format, step by step.

As for MNIST itself (Y. LeCun et al., 1998): the ink is cropped, scaled to a longer side of 20, and placed with its
center of mass in the middle of 28×28.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.array_types import Bytes, Floats
from core.drawing.ink import brightness, find_ink
from core.drawing.stray_dots import without_stray_dots

if TYPE_CHECKING:
    from core.drawing.photo import Photo

SIDE = 28
DIGIT_SIDE = 20
SMALLEST, LARGEST = 28, 4000
SMALL_PICTURE = 112
"""Longer side of a picture that shows a digit of a data set rather than a page."""
EDGE = 0.25
"""Minimum ink, relative to the maximum, of a pixel in the digit's bounding box; anti-aliased edges have less."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Which steps to take; without any, the picture is only scaled down."""

    polarity: bool = True
    """Distinguish ink from the background; if off, white is ink."""
    crop: bool = True
    """Crop the ink and scale it to 20; if off, scale the whole picture to 28."""
    center: bool = True
    """Center by mass; if off, center the cropped rectangle."""
    sheet: bool = True
    """Find the sheet of paper in a photo and straighten it."""
    lines: bool = True
    """Remove printed lines from a photo."""


ALL_STEPS = Steps()


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A drawing after each step; every picture is float32 in 0..1 with bright ink.

    `ink` is (h, w), `cropped` up to 20×20 (28×28 without cropping), `digit` (28, 28).
    """

    ink: Floats
    cropped: Floats
    digit: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Pictured:
    """The digits found in a picture, in reading order, at least one.

    `sheet` is the straightened sheet, uint8 (h, w, 3), None if it fills the picture; `unlined` its ink, float32 (h, w)
    in 0..1, after printed lines were removed, None if there were none.
    """

    digits: tuple[Prepared, ...]
    sheet: Bytes | None = None
    unlined: Floats | None = None


def to_mnist(rgba: Bytes) -> Floats:
    """Convert a drawing uint8 (H, W, 4) to MNIST's format, float32 (28, 28) in 0..1 with bright ink.

    H and W are 28 to 4000, with any polarity and transparency. Raises ValueError for any other array, EmptyDrawing if
    there is no ink.
    """
    return prepare(rgba).digit


def prepare(rgba: Bytes, steps: Steps = ALL_STEPS) -> Prepared:
    """The drawing after each of the given steps; array and errors as in `to_mnist`."""
    _check(rgba)
    if not steps.polarity:
        return _prepared(brightness(rgba), steps)
    ink = find_ink(rgba)
    return _prepared(_look(rgba, steps).ink if ink is None else without_stray_dots(ink), steps)


def digits_in(rgba: Bytes, steps: Steps = ALL_STEPS) -> Pictured:
    """Each digit in a picture that a person brought, after the given steps; array and errors as in `to_mnist`."""
    _check(rgba)
    if max(rgba.shape[:2]) <= SMALL_PICTURE or (rgba[..., 3] < 255).any():
        return Pictured((prepare(rgba, steps),))
    found = _look(rgba, steps)
    if steps.polarity:
        digits = tuple(_prepared(ink, steps) for ink in found.figures)
    else:
        whole = rgba if found.sheet is None else np.dstack([found.sheet, np.full_like(found.sheet[..., 0], 255)])
        digits = (_prepared(brightness(whole), steps),)
    return Pictured(digits, found.sheet, found.ink if found.had_lines else None)


def as_drawing(ink: Floats) -> Bytes:
    """Ink, float32 (h, w) in 0..1, in black on transparency with a margin, uint8 (H, W, 4), for `to_mnist`."""
    opacity = np.pad(np.round(ink * 255).astype(np.uint8), SMALLEST // 2)
    return np.dstack([np.zeros((*opacity.shape, 3), np.uint8), opacity])


def _check(rgba: Bytes) -> None:
    fits = rgba.ndim == 3 and rgba.shape[2] == 4 and rgba.dtype == np.uint8
    if not fits or min(rgba.shape[:2]) < SMALLEST or max(rgba.shape[:2]) > LARGEST:
        raise ValueError(f"a drawing is uint8 (28..4000, 28..4000, 4), not {rgba.dtype} {rgba.shape}")


def _look(rgba: Bytes, steps: Steps) -> "Photo":
    # imported here, because OpenCV takes memory that drawings on the canvas do not need
    from core.drawing.photo import look

    return look(rgba, sheet=steps.sheet, lines=steps.lines)


def _prepared(ink: Floats, steps: Steps) -> Prepared:
    left, top, right, bottom = _box(ink) if steps.crop else (0, 0, ink.shape[1], ink.shape[0])
    inside = ink[top:bottom, left:right]
    height, width = inside.shape
    scale = (DIGIT_SIDE if steps.crop else SIDE) / max(height, width)
    size = (max(1, round(height * scale)), max(1, round(width * scale)))
    cropped = _reduced(inside, scale, size)
    digit = _placed(cropped, *(_center_of_mass(cropped) if steps.center else _middle(cropped)))
    if steps.polarity:
        # scaling turns thin lines gray, but the darkest pixel of an MNIST digit is always black
        digit = digit / digit.max()
    return Prepared(ink, cropped, digit)


def _box(ink: Floats) -> tuple[int, int, int, int]:
    """Bounding box of the ink: left, top, and the columns and rows after it; the whole picture if there is no ink."""
    seen = ink > EDGE * ink.max()
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return 0, 0, ink.shape[1], ink.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _middle(picture: Floats) -> tuple[float, float]:
    return picture.shape[1] / 2, picture.shape[0] / 2


def _center_of_mass(picture: Floats) -> tuple[float, float]:
    """x and y, with the first pixel's center at 0.5; the middle of the picture if there is no ink."""
    rows, columns = picture.sum(axis=1, dtype=np.float64), picture.sum(axis=0, dtype=np.float64)
    if not (mass := rows.sum()):
        return _middle(picture)
    x, y = (float((sums * (np.arange(len(sums)) + 0.5)).sum() / mass) for sums in (columns, rows))
    return x, y


def _placed(picture: Floats, x: float, y: float) -> Floats:
    """The picture on 28×28 with point (x, y) in the pixel right below the middle; clipped at the edges."""
    placed = np.zeros((SIDE, SIDE), np.float32)
    top, left = SIDE // 2 - math.floor(y), SIDE // 2 - math.floor(x)
    # MNIST moved its digits by whole pixels too: their centers of mass are spread evenly over this pixel
    (height, width), bottom, right = picture.shape, top + picture.shape[0], left + picture.shape[1]
    inside = picture[max(0, -top) : height - max(0, bottom - SIDE), max(0, -left) : width - max(0, right - SIDE)]
    placed[max(0, top) : max(0, top) + inside.shape[0], max(0, left) : max(0, left) + inside.shape[1]] = inside
    return placed


def _reduced(ink: Floats, scale: float, size: tuple[int, int]) -> Floats:
    """Area-average the ink to a picture of this size; `scale` is new pixels per old pixel."""
    rows, columns = (_coverage(side, scale, points) for side, points in zip(ink.shape, size, strict=True))
    # not a matrix product: for so few numbers, waiting for BLAS threads takes longer than the work
    reduced = np.einsum("rx,cx->rc", np.einsum("ry,yx->rx", rows, ink), columns)
    return np.clip(reduced, 0, 1)


def _coverage(side: int, scale: float, points: int) -> Floats:
    """The share of each new pixel that each old pixel covers, float32 (points, side)."""
    # the shorter side is rarely a whole number of pixels; both ends share the remainder
    start = (side - points / scale) / 2
    edges = (start + np.arange(points + 1) / scale)[:, None]
    reached = np.clip(edges - np.arange(side), 0, 1)
    return (np.diff(reached, axis=0) * scale).astype(np.float32)
