"""A small binary classifier in NumPy: one hidden layer, on given features and on what convolutions see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.array_types import Floats
from core.drawing.to_mnist import SIDE
from core.inference.convolution import Convolution, halved

_DENSE = ("mean", "scale", "first", "bias", "second", "shift")


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """mean and scale float32 (n,), first float16 (n + m, h), bias float32 (h,), second float32 (h,), shift float32 ().

    The convolutions, none in files of earlier versions, give m values of an image.
    """

    mean: Floats
    scale: Floats
    first: NDArray[np.float16]
    bias: Floats
    second: Floats
    shift: Floats
    convolutions: tuple[Convolution, ...] = ()

    def scores(self, rows: Floats, images: Floats) -> Floats:
        """Log odds float32 (k,) of the positive class for rows float32 (k, n) of images float32 (k, 28, 28)."""
        inputs = (rows - self.mean) * self.scale
        if self.convolutions:
            inputs = np.concatenate([inputs, seen(self.convolutions, images)], axis=1)
        hidden = np.maximum(inputs @ self.first.astype(np.float32) + self.bias, 0)
        return hidden @ self.second + self.shift

    def arrays(self) -> dict[str, np.ndarray]:
        """All its arrays by name."""
        arrays: dict[str, np.ndarray] = {name: getattr(self, name) for name in _DENSE}
        for number, convolution in enumerate(self.convolutions):
            arrays |= {_kernel(number): convolution.kernel, _bias(number): convolution.bias}
        return arrays

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """Rebuild from `arrays()`; raises KeyError or ValueError if the arrays are inconsistent."""
        convolutions = []
        for number in count():
            if _kernel(number) not in arrays:
                break
            convolutions.append(Convolution(np.asarray(arrays[_kernel(number)]), np.asarray(arrays[_bias(number)])))
        dense = {name: np.asarray(arrays[name]) for name in _DENSE}
        judge = cls(**dense, convolutions=tuple(convolutions))
        features, hidden = judge.mean.size, judge.bias.size
        shapes = {
            **{"mean": (features,), "scale": (features,), "first": (features + _values(convolutions), hidden)},
            **{"bias": (hidden,), "second": (hidden,), "shift": ()},
        }
        if any(getattr(judge, name).shape != shape for name, shape in shapes.items()):
            raise ValueError("the arrays have other shapes than each other")
        if not all(np.isfinite(values).all() for values in judge.arrays().values()):
            raise ValueError("the arrays hold what are no numbers")
        return judge


def seen(convolutions: Sequence[Convolution], images: Floats) -> Floats:
    """What the last convolution makes of images float32 (k, 28, 28): float32 (k, m)."""
    maps = images[..., None]
    for convolution in convolutions:
        maps = convolution(maps)
    return maps.reshape(len(images), -1)


def _values(convolutions: Sequence[Convolution]) -> int:
    """How many values they give of an image; raises ValueError if they do not fit each other."""
    side, channels = SIDE, 1
    for convolution in convolutions:
        rows, columns, given, filters = convolution.kernel.shape
        if rows != columns or rows % 2 == 0 or given != channels or convolution.bias.shape != (filters,):
            raise ValueError("the arrays have other shapes than each other")
        side, channels = halved(side), filters
    return side * side * channels if convolutions else 0


def _kernel(number: int) -> str:
    return f"kernel_{number}"


def _bias(number: int) -> str:
    return f"kernel_bias_{number}"
