"""One unit of a dense layer and its calculation for one digit: z = Σ w·a + b."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.array_types import Doubles, Floats


@dataclass(frozen=True, eq=False)
class UnitSum:
    """A unit's weights and inputs, both float64 (inputs,), and its bias."""

    weights: Doubles
    inputs: Doubles
    bias: float

    @property
    def products(self) -> Doubles:
        return self.weights * self.inputs

    @property
    def z(self) -> float:
        return float(self.products.sum()) + self.bias

    @property
    def not_zero(self) -> int:
        """Number of products that are not 0."""
        return int(np.count_nonzero(self.products))

    def largest(self, count: int) -> Iterator[tuple[int, float, float]]:
        """The inputs with the largest products by absolute value, descending: index, weight, input."""
        products = np.abs(self.products)
        for place in np.argsort(-products, kind="stable")[:count]:
            if products[place]:
                yield int(place), float(self.weights[place]), float(self.inputs[place])


def unit_sum(weights: Floats, biases: Floats, inputs: Floats, unit: int) -> UnitSum:
    """A unit's sum for weights float32 (inputs, units), biases (units,) and inputs of any shape, flattened."""
    return UnitSum(weights[:, unit].astype(np.float64), inputs.ravel().astype(np.float64), float(biases[unit]))
