"""Pooling by hand: the windows of a map and the value that each passes on."""

from dataclasses import dataclass

import numpy as np

from core.array_types import Floats
from core.config.layers import Pooling

Place = tuple[int, int]
"""Row and column, from 0."""

SIZE = 2
"""Side of a window and stride, in pixels."""


@dataclass(frozen=True, eq=False)
class Window:
    """Up to four values of a map, float32 (1..2, 1..2), and the result that is passed on.

    With "same" padding, windows at the lower and right edge of an odd map hold fewer values. `winner` is
    the place of the largest value in the map, None for average pooling or if all are equal.
    """

    rows: range
    columns: range
    values: Floats
    result: float
    winner: Place | None


def pooled(maps: Floats, layer: Pooling) -> Floats:
    """The output of a pooling layer for maps float32 (h, w, channels), as in Keras: padding never counts as a value."""
    height, width, _ = maps.shape
    rows, columns, _ = layer.output_shape(maps.shape)
    padding = [(0, max(0, rows * SIZE - height)), (0, max(0, columns * SIZE - width)), (0, 0)]
    padded = np.pad(maps, padding, constant_values=np.nan)[: rows * SIZE, : columns * SIZE]
    windows = padded.reshape(rows, SIZE, columns, SIZE, -1)
    return np.nanmax(windows, (1, 3)) if layer.kind == "max" else np.nanmean(windows, (1, 3))


def window(one_map: Floats, layer: Pooling, place: Place) -> Window:
    """The window behind a place of the pooled map, which must be inside; one_map is float32 (h, w)."""
    top, left = place[0] * SIZE, place[1] * SIZE
    values = one_map[top : top + SIZE, left : left + SIZE]
    rows, columns = range(top, top + len(values)), range(left, left + values.shape[1])
    result = float(pooled(values[..., None], Pooling(layer.name, layer.kind, "same"))[0, 0, 0])
    if layer.kind == "average" or (values.size > 1 and (values == values[0, 0]).all()):
        return Window(rows, columns, values, result, None)
    row, column = strongest(values)
    return Window(rows, columns, values, result, (rows[row], columns[column]))


def strongest(pooled_map: Floats) -> Place:
    """The place of the largest value of a map (h, w), the first on a tie."""
    row, column = np.unravel_index(pooled_map.argmax(), pooled_map.shape)
    return int(row), int(column)


def left_over(shape: tuple[int, ...], layer: Pooling) -> int:
    """Number of rows and columns at the lower and right edge of a map (h, w, ...) that no window covers: 0 to 2."""
    return sum(side % SIZE for side in shape[:2]) if layer.padding == "valid" else 0
