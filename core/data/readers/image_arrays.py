"""Which numbers in an array are pixels, rows, columns and channels."""

import math

from core.config.datasets import LARGEST_SIDE, SMALLEST_SIDE
from core.data.readers.source import UnreadableData

_LARGEST = 4_096
"""Pixels a side that an image may have before it is made smaller."""


def image_axes(shape: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How to make an array of this shape images: reshape each to the first, then move axes by the second.

    From (n, h, w), (n, h, w, 1 or 3), (n, 1 or 3, h, w) and rows of h × w or h × w × 3 pixels. The result has the
    shape (h, w) or (h, w, 3). Raises UnreadableData for other shapes.
    """
    match shape[1:]:
        case (int() as pixels,):
            each, order = _square(pixels), None
        case (int() as height, int() as width):
            each, order = (height, width), None
        case (int() as height, int() as width, 1):
            each, order = (height, width), None
        case (1, int() as height, int() as width):
            each, order = (height, width), None
        case (int() as height, int() as width, 3):
            each, order = (height, width, 3), None
        case (3, int() as height, int() as width):
            each, order = (3, height, width), (0, 2, 3, 1)
        case _:
            each, order = (), None
    sides = each if order is None else each[1:]
    if not each or not all(1 <= side <= _LARGEST for side in sides[:2]):
        raise UnreadableData("data_add.image_shape", shape=" × ".join(map(str, shape)))
    return each, order or tuple(range(len(each) + 1))


def _square(pixels: int) -> tuple[int, ...]:
    """The side of a square image, gray or else in color, with this many values; empty if there is none."""
    side = math.isqrt(pixels)
    if side * side == pixels and SMALLEST_SIDE <= side <= LARGEST_SIDE:
        return side, side
    side = math.isqrt(pixels // 3)
    return (side, side, 3) if side * side * 3 == pixels and SMALLEST_SIDE <= side <= LARGEST_SIDE else ()
