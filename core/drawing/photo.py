"""What is written in a photo: the sheet is found and straightened, printed lines are removed, figures are separated."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from core.array_types import Bytes, Floats
from core.drawing.figures import figures
from core.drawing.ink import find_ink
from core.drawing.paper import ink_on_paper
from core.drawing.ruling import without_lines
from core.drawing.sheet import find_sheet, straightened
from core.errors import EmptyDrawing

NESTED = 2
"""Sheets on sheets that are searched, such as a note on a page on a table."""

LARGEST = 560
"""Pixels on the longer side of what is kept of a photo; a digit needs a twentieth of that."""

_SMALLEST_SHEET = 60


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """The straightened sheet, uint8 (h, w, 3), None if it fills the picture; whether it had lines; and its figures.

    `ink` is that of all figures, float32 (h, w) in 0..1; `figures` are cut from it, in reading order, at least one.
    None has more than LARGEST pixels a side.
    """

    sheet: Bytes | None
    had_lines: bool
    ink: Floats
    figures: tuple[Floats, ...]


def look(rgba: Bytes, *, sheet: bool = True, lines: bool = True) -> Photo:
    """Find the figures in a picture, uint8 (H, W, 4), with or without these steps; raises EmptyDrawing."""
    sheets = [_solid(rgba)]
    # the page itself, a sheet on it, and a note on that
    while sheet and len(sheets) <= NESTED and (corners := find_sheet(sheets[-1])) is not None:
        flat = straightened(sheets[-1], corners)
        if min(flat.shape[:2]) < _SMALLEST_SHEET:
            break
        sheets.append(flat)
    for number in reversed(range(len(sheets))):
        try:
            had_lines, ink, found = _figures(sheets[number], lines)
        except EmptyDrawing:
            # what looked like a sheet is not one
            if number == 0:
                raise
            continue
        flat_sheet = _reduced(sheets[number]) if number else None
        return Photo(flat_sheet, had_lines, _reduced(ink), tuple(map(_reduced, found)))
    raise EmptyDrawing("drawing.empty")


def _figures(rgb: Bytes, lines: bool) -> tuple[bool, Floats, list[Floats]]:
    drawn = find_ink(np.dstack([rgb, np.full_like(rgb[..., 0], 255)]))
    ink = ink_on_paper(rgb) if drawn is None else drawn
    less = without_lines(ink) if lines else None
    if less is not None:
        try:
            return True, *figures(less)
        except EmptyDrawing:
            # the lines were the digit
            pass
    return False, *figures(ink)


def _reduced(picture: Any) -> Any:
    """The picture, or ink, at a size that a session can keep."""
    scale = LARGEST / max(picture.shape[:2])
    if scale >= 1:
        return picture
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def _solid(rgba: Bytes) -> Bytes:
    """The picture on white, uint8 (H, W, 3)."""
    if (rgba[..., 3] == 255).all():
        return np.ascontiguousarray(rgba[..., :3])
    share = rgba[..., 3:] / np.float32(255)
    return np.round(rgba[..., :3] * share + 255 * (1 - share)).astype(np.uint8)
