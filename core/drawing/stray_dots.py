"""Remove dots that a pen left away from the digit."""

from dataclasses import dataclass

import numpy as np

from core.array_types import Floats
from core.drawing.spots import Spot, spots

LARGEST = 0.35
"""Size of a dot, relative to the digit."""

NEAREST = 0.3
"""Distance of a dot from the digit, relative to the digit's size; a nearer one may belong to it."""

_ROUND, _SOLID = 1.8, 0.55
_INK = 0.3
_EDGE = 2


@dataclass(frozen=True, slots=True)
class _Box:
    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, spot: Spot) -> "_Box":
        rows, firsts, lasts = zip(*spot.runs, strict=True)
        return cls(min(firsts), min(rows), max(lasts), max(rows) + 1)

    @property
    def sides(self) -> tuple[int, int]:
        return self.right - self.left, self.bottom - self.top

    def distance(self, other: "_Box") -> float:
        across = max(self.left - other.right, other.left - self.right, 0)
        down = max(self.top - other.bottom, other.top - self.bottom, 0)
        return float(np.hypot(across, down))


def without_stray_dots(ink: Floats) -> Floats:
    """The ink, float32 (h, w) in 0..1, without small round dots that are far from everything else."""
    found = spots(ink > _INK)
    if len(found) < 2:
        return ink
    boxes = [_Box.of(spot) for spot in found]
    size = max(max(box.sides) for box in boxes)
    dots = [_is_dot(spot, box, size) for spot, box in zip(found, boxes, strict=True)]
    rest = [box for box, dot in zip(boxes, dots, strict=True) if not dot]
    cleaned = ink.copy()
    for box, dot in zip(boxes, dots, strict=True):
        if dot and rest and min(box.distance(other) for other in rest) >= NEAREST * size:
            rows, columns = (slice(max(0, low - _EDGE), high + _EDGE) for low, high in
                             ((box.top, box.bottom), (box.left, box.right)))  # fmt: skip
            cleaned[rows, columns] = 0
    return cleaned


def _is_dot(spot: Spot, box: _Box, size: int) -> bool:
    short, long = sorted(box.sides)
    return long <= LARGEST * size and long <= _ROUND * short and spot.area >= _SOLID * short * long
