"""A small binary classifier with one hidden layer, in NumPy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.array_types import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """mean and scale float32 (n,), first float16 (n, h), bias float32 (h,), second float32 (h,), shift float32 ()."""

    mean: Floats
    scale: Floats
    first: NDArray[np.float16]
    bias: Floats
    second: Floats
    shift: Floats

    def scores(self, rows: Floats) -> Floats:
        """Log odds float32 (m,) that rows float32 (m, n) belong to the positive class."""
        hidden = np.maximum((rows - self.mean) * self.scale @ self.first.astype(np.float32) + self.bias, 0)
        return hidden @ self.second + self.shift

    def arrays(self) -> dict[str, np.ndarray]:
        """All its arrays by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """Rebuild from `arrays()`; raises KeyError or ValueError if the arrays are inconsistent."""
        judge = cls(*(np.asarray(arrays[name]) for name in cls.__slots__))
        inputs, hidden = judge.first.shape
        shapes = {"mean": (inputs,), "scale": (inputs,), "bias": (hidden,), "second": (hidden,), "shift": ()}
        if any(getattr(judge, name).shape != shape for name, shape in shapes.items()):
            raise ValueError("the arrays have other shapes than each other")
        if not all(np.isfinite(values).all() for values in judge.arrays().values()):
            raise ValueError("the arrays hold what are no numbers")
        return judge
