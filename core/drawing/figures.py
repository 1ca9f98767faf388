"""Group the parts of ink in a picture into figures, each of which may be a digit."""

from dataclasses import dataclass

import cv2
import numpy as np

from core.array_types import Floats
from core.errors import EmptyDrawing

MOST = 12
"""More figures are writing, not digits to be read one by one."""

SMALLEST = 12
"""Pixels of the longer side of a figure."""

ALIKE = 0.45
"""Size of the smallest figure, relative to the largest."""

_THINNEST = 0.3
"""Area of a part relative to its size and to the width of the strokes."""

_INK = 0.3
_MARGIN = 2


@dataclass(slots=True)
class _Part:
    """Connected ink, or several such parts: its box, area and their numbers."""

    left: int
    top: int
    right: int
    bottom: int
    area: int
    numbers: list[int]
    outside: bool
    """Whether it touches the picture's border."""

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def size(self) -> int:
        return max(self.width, self.height)


def figures(ink: Floats) -> tuple[Floats, list[Floats]]:
    """The ink of all figures, float32 (h, w) in 0..1, and that of each, cut out, in reading order.

    Specks are left out, and so is what extends from outside the picture, unless everything does. Raises EmptyDrawing
    if nothing is left.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > _INK).astype(np.uint8), connectivity=8)
    height, width = ink.shape
    parts = []
    for number in range(1, count):
        left, top, wide, tall, area = stats[number].tolist()
        outside = left == 0 or top == 0 or left + wide == width or top + tall == height
        parts.append(_Part(left, top, left + wide, top + tall, area, [number], outside))
    parts = [part for part in parts if part.size >= SMALLEST // 2 and part.area >= SMALLEST]
    inside = [part for part in parts if not part.outside]
    # a digit may touch the border, but the edge of a table always does
    if inside and max(part.area for part in inside) > max(part.area for part in parts) / 50:
        parts = inside
    if not parts or max(part.size for part in parts) < SMALLEST:
        raise EmptyDrawing("drawing.empty")
    least = _THINNEST * _stroke(np.asarray(labels), max(parts, key=lambda part: part.area))
    # what is left of printed lines is thinner than the pen
    parts = [part for part in parts if part.area >= least * part.size]
    largest = max(part.size for part in parts)
    parts = _joined([part for part in parts if part.size >= largest / 12])
    largest = max(part.size for part in parts)
    parts = [part for part in parts if part.size >= ALIKE * largest]
    whole, each = np.zeros_like(ink), []
    for part in _in_order(parts)[:MOST]:
        top, left = max(0, part.top - _MARGIN), max(0, part.left - _MARGIN)
        place = slice(top, part.bottom + _MARGIN), slice(left, part.right + _MARGIN)
        own = np.isin(labels[place], part.numbers).astype(np.uint8)
        # with the faint edge of the strokes
        cut = ink[place] * cv2.dilate(own, np.ones((3, 3), np.uint8))
        whole[place] = np.maximum(whole[place], cut)
        each.append(cut)
    return whole, each


def _stroke(labels: np.ndarray, part: _Part) -> float:
    """The width of the thickest stroke in pixels."""
    own = np.isin(labels[part.top : part.bottom, part.left : part.right], part.numbers).astype(np.uint8)
    return 2 * float(cv2.distanceTransform(np.pad(own, 1), cv2.DIST_L2, 3).max())


def _joined(parts: list[_Part]) -> list[_Part]:
    """Parts that belong to the same digit, such as the two strokes of a 5, as one."""
    joined: list[_Part] = []
    for part in sorted(parts, key=lambda part: -part.size):
        near = [other for other in joined if _belong(other, part)]
        for other in near:
            joined.remove(other)
        together = [part, *near]
        joined.append(
            _Part(
                min(one.left for one in together),
                min(one.top for one in together),
                max(one.right for one in together),
                max(one.bottom for one in together),
                sum(one.area for one in together),
                [number for one in together for number in one.numbers],
                any(one.outside for one in together),
            )
        )
    return joined


def _belong(one: _Part, other: _Part) -> bool:
    size = max(one.size, other.size)
    beside = max(one.left, other.left) - min(one.right, other.right)
    between = max(one.top, other.top) - min(one.bottom, other.bottom)
    if beside <= 0.03 * size:
        # one above the other, or overlapping
        return between <= 0.25 * size
    shorter = min(one.height, other.height) / max(one.height, other.height)
    return shorter < 0.7 and beside <= 0.22 * size and between <= 0


def _in_order(parts: list[_Part]) -> list[_Part]:
    rows: list[list[_Part]] = []
    for part in sorted(parts, key=lambda part: part.top + part.bottom):
        middle = (part.top + part.bottom) / 2
        row = next((row for row in rows if row[0].top <= middle <= row[0].bottom), None)
        if row is None:
            rows.append([part])
        else:
            row.append(part)
    return [part for row in rows for part in sorted(row, key=lambda part: part.left)]
