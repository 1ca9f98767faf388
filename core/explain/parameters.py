"""A network's parameter count as a sum that can be checked by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from core.config.layers import LayerRow


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
    """The counts of all layers with parameters, in order; a separable convolution has two kernels, so two counts."""
    found = []
    for row in table:
        weights = row.weights
        biases = sum(prod(weights.pop(name)) for name in ("bias", "beta") if name in weights)
        shapes = list(weights.values())
        if len(shapes) > 1 and len(set(shapes)) == 1:
            # scales, means and variances
            shapes = [(len(shapes), *shapes[0])]
        for number, factors in enumerate(shapes, start=1):
            found.append(Count(row.layer.name, factors, prod(factors), biases if number == len(shapes) else 0))
    return found
