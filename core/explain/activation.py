"""The activation functions that networks can use, as Keras defines them."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.array_types import Doubles


def activated(values: NDArray[np.floating], activation: str) -> Doubles:
    """Apply the activation with this Keras name; returns float64 of the same shape. Softmax is over the last axis.

    Raises KeyError for an unknown name.
    """
    return _ACTIVATIONS[activation](values.astype(np.float64))


def _softmax(z: Doubles) -> Doubles:
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _sigmoid(z: Doubles) -> Doubles:
    return 0.5 * (1 + np.tanh(z / 2))  # never overflows


def _gelu(z: Doubles) -> Doubles:
    return z * 0.5 * (1 + np.vectorize(math.erf, otypes=[np.float64])(z / math.sqrt(2)))


_ACTIVATIONS: dict[str, Callable[[Doubles], Doubles]] = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "gelu": _gelu,
    "silu": lambda z: z * _sigmoid(z),
    "selu": lambda z: 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0))),
    "softplus": lambda z: np.logaddexp(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.2 * z),
    "softmax": _softmax,
}
