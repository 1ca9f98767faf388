"""A network's parameter count as a sum that can be checked by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.config.layers import IMAGE_SHAPE, BatchNormalization, Conv2D, Dense, LayerRow


@dataclass(frozen=True, slots=True)
class Count:
    """The parameters of a layer: the product of `factors` counts the weights, to which the biases are added.

    For batch normalization, the weights are scales, means and variances, and the biases are shifts.
    """

    layer: str
    factors: tuple[int, ...]
    weights: int
    biases: int


def counts(table: Sequence[LayerRow]) -> list[Count]:
    """The counts of all layers with parameters, in order."""
    found, before = [], IMAGE_SHAPE
    for row in table:
        factors: tuple[int, ...] = ()
        match row.layer:
            case Conv2D(kernel_size=size, filters=filters):
                factors = (size, size, before[-1], filters)
            case Dense(units=units):
                factors = (before[0], units)
            case BatchNormalization():
                factors = (3, before[-1])
        if factors:
            found.append(Count(row.layer.name, factors, row.parameters - factors[-1], factors[-1]))
        before = row.output_shape
    return found
