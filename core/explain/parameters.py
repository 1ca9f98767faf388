"""A network's number of parameters as a sum that can be checked by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.config.layers import IMAGE_SHAPE, BatchNormalization, Conv2D, Dense, LayerRow


@dataclass(frozen=True, slots=True)
class Count:
    """The parameters of a layer: the product of `factors` are its weights; biases are added to them.

    Of a batch normalization, weights are its scales, means and variances, and biases its shifts.
    """

    layer: str
    factors: tuple[int, ...]
    weights: int
    biases: int


def counts(table: Sequence[LayerRow]) -> list[Count]:
    """Of each layer that has parameters, in order."""
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
