"""A small convolution in NumPy, by which the check for digits looks at the image itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.array_types import Floats

_STRIDE = 2


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """A convolution at every second place, with zeros around the maps, and a ReLU.

    kernel float16 (side, side, channels, filters) with an odd side, bias float32 (filters,).
    """

    kernel: NDArray[np.float16]
    bias: Floats

    def __call__(self, maps: Floats) -> Floats:
        """Maps float32 (n, ⌈h/2⌉, ⌈w/2⌉, filters) of maps float32 (n, h, w, channels)."""
        side, _, _, filters = self.kernel.shape
        flat = self.kernel.astype(np.float32).reshape(-1, filters)
        seen: Floats = np.maximum(patches(maps, side) @ flat + self.bias, 0)
        return seen


def patches(maps: Floats, side: int) -> Floats:
    """What each place of a convolution sees: float32 (n, ⌈h/2⌉, ⌈w/2⌉, side·side·channels)."""
    count, height, width, channels = maps.shape
    padded = np.zeros((count, height + side - 1, width + side - 1, channels), np.float32)
    edge = side // 2
    padded[:, edge : edge + height, edge : edge + width] = maps
    return np.concatenate([padded[:, rows, columns] for rows, columns in places(height, width, side)], axis=3)


def places(height: int, width: int, side: int) -> list[tuple[slice, slice]]:
    """Rows and columns of the padded maps that each cell of the kernel meets, by the kernel's row and column."""
    rows, columns = halved(height), halved(width)
    return [
        (slice(row, row + _STRIDE * rows - 1, _STRIDE), slice(column, column + _STRIDE * columns - 1, _STRIDE))
        for row in range(side)
        for column in range(side)
    ]


def halved(side: int) -> int:
    """The side of the maps after a convolution."""
    return -(-side // _STRIDE)
