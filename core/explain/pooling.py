"""Pooling by hand: the windows of a map and the value that each passes on."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.array_types import Floats
from core.config.poolings import Pooling

Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True, eq=False)
class Window:
    """The values of a map in one window, float32 (rows, columns), and the result that is passed on.

    With "same" padding, windows at the edge of a map may hold fewer values. `winner` is the place of the largest value
    in the map, None for average pooling or if all are equal.
    """

    rows: range
    columns: range
    values: Floats
    result: float
    winner: Place | None


def pooled(maps: Floats, layer: Pooling) -> Floats:
    """The output of a pooling layer for maps float32 (h, w, channels), as in Keras: padding never counts as a value."""
    window = layer.window
    rows, columns = window.places(maps.shape[:2])
    padded = np.pad(maps, (*window.margins(maps.shape[:2]), (0, 0)), constant_values=np.nan)
    views = sliding_window_view(padded, window.size, axis=(0, 1))
    values = views[:: window.strides[0], :: window.strides[1]][:rows, :columns]
    return np.nanmax(values, (3, 4)) if layer.kind == "max" else np.nanmean(values, (3, 4))


def window(one_map: Floats, layer: Pooling, place: Place) -> Window:
    """The window behind a place of the pooled map, which must be inside; one_map is float32 (h, w)."""
    rows, columns = window_sides(one_map.shape, layer, place)
    values = one_map[rows.start : rows.stop, columns.start : columns.stop]
    result = float(values.max() if layer.kind == "max" else values.mean())
    if layer.kind == "average" or (values.size > 1 and (values == values[0, 0]).all()):
        return Window(rows, columns, values, result, None)
    row, column = strongest(values)
    return Window(rows, columns, values, result, (rows[row], columns[column]))


def window_sides(shape: tuple[int, ...], layer: Pooling, place: Place) -> tuple[range, range]:
    """The rows and columns of a map (h, w) that the window behind a place of the pooled map covers."""
    found = []
    margins = layer.window.margins(shape)
    for at, stride, size, side, (before, _) in zip(
        place, layer.window.strides, layer.window.size, shape, margins, strict=True
    ):
        start = at * stride - before
        found.append(range(max(0, start), min(side, start + size)))
    return found[0], found[1]


def nearest_window(shape: tuple[int, ...], layer: Pooling, pixel: Place) -> Place:
    """The place in the pooled map of the window that begins nearest before a pixel of a map (h, w)."""
    window = layer.window
    found = []
    for at, stride, count, (before, _) in zip(
        pixel, window.strides, window.places(shape), window.margins(shape), strict=True
    ):
        found.append(min((at + before) // stride, count - 1))
    return found[0], found[1]


def strongest(pooled_map: Floats) -> Place:
    """The place of the largest value of a map (h, w), the first on a tie."""
    row, column = np.unravel_index(pooled_map.argmax(), pooled_map.shape)
    return int(row), int(column)


def left_over(shape: tuple[int, ...], layer: Pooling) -> int:
    """Number of rows and columns at the lower and right edge of a map (h, w, ...) that no window covers."""
    if layer.padding == "same":
        return 0
    window = layer.window
    lengths = zip(shape[:2], window.places(shape[:2]), window.strides, window.size, strict=True)
    return sum(side - ((count - 1) * stride + size) for side, count, stride, size in lengths)
