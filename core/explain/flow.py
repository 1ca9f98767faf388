"""What reaches a layer: the shape that its inputs had as an image, and how strongly they answer."""

from collections.abc import Sequence

from core.config.layers import IMAGE_SHAPE, Conv2D, Dense, Flatten, LayerRow, Shape


def input_shape(table: Sequence[LayerRow], layer: str) -> Shape:
    """The shape of what goes into a layer, without the batch."""
    before = _place(table, layer) - 1
    return table[before].output_shape if before >= 0 else IMAGE_SHAPE


def image_shape(table: Sequence[LayerRow], layer: str) -> Shape:
    """The same before it was flattened: (height, width, channels), or (units,) behind a dense layer."""
    for row in reversed(table[: _place(table, layer)]):
        if isinstance(row.layer, Flatten):
            return input_shape(table, row.layer.name)
        if isinstance(row.layer, Dense):
            break
    return input_shape(table, layer)


def convolutions(table: Sequence[LayerRow]) -> list[Conv2D]:
    """The network's convolutions, the first first."""
    return [row.layer for row in table if isinstance(row.layer, Conv2D)]


def first_learning(table: Sequence[LayerRow]) -> LayerRow:
    """The first layer that learns anything; every network has one."""
    return next(row for row in table if row.parameters)


def _place(table: Sequence[LayerRow], layer: str) -> int:
    return next(place for place, row in enumerate(table) if row.layer.name == layer)
