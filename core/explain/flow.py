"""A layer's input: its shape, also as an image before flattening."""

from collections.abc import Sequence

from core.config.layers import IMAGE_SHAPE, Conv2D, Dense, Flatten, LayerRow, Shape


def input_shape(table: Sequence[LayerRow], layer: str) -> Shape:
    """The shape of a layer's input, without the batch dimension."""
    before = _place(table, layer) - 1
    return table[before].output_shape if before >= 0 else IMAGE_SHAPE


def image_shape(table: Sequence[LayerRow], layer: str) -> Shape:
    """The same before flattening: (height, width, channels), or (units,) after a dense layer."""
    for row in reversed(table[: _place(table, layer)]):
        if isinstance(row.layer, Flatten):
            return input_shape(table, row.layer.name)
        if isinstance(row.layer, Dense):
            break
    return input_shape(table, layer)


def convolutions(table: Sequence[LayerRow]) -> list[Conv2D]:
    """The network's convolutions, in order."""
    return [row.layer for row in table if isinstance(row.layer, Conv2D)]


def first_learning(table: Sequence[LayerRow]) -> LayerRow:
    """The first layer with parameters; every network has one."""
    return next(row for row in table if row.parameters)


def _place(table: Sequence[LayerRow], layer: str) -> int:
    return next(place for place, row in enumerate(table) if row.layer.name == layer)
