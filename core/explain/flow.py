"""Where a layer's values come from, and a network's first layers of some kinds."""

from collections.abc import Sequence

from core.config.convolutions import Conv2D
from core.config.layer import Shape
from core.config.layers import Dense, Flatten, LayerRow, Reshape
from core.config.poolings import GlobalPooling


def image_shape(table: Sequence[LayerRow], layer: str) -> Shape:
    """The shape of a layer's input before flattening: (height, width, channels), or (units,) where no maps come in."""
    place = next(place for place, row in enumerate(table) if row.layer.name == layer)
    for row in reversed(table[:place]):
        if isinstance(row.layer, Flatten | Reshape) and len(row.output_shape) == 1:
            return row.input_shape
        if isinstance(row.layer, Dense | GlobalPooling):
            break
    return table[place].input_shape


def convolutions(table: Sequence[LayerRow]) -> list[Conv2D]:
    """The network's convolutions, in order."""
    return [row.layer for row in table if isinstance(row.layer, Conv2D)]


def first_learning(table: Sequence[LayerRow]) -> LayerRow:
    """The first layer with parameters; every network has one."""
    return next(row for row in table if row.parameters)
