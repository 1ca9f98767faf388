"""A small network of one hidden layer that parts two kinds of rows, learnt in seconds with NumPy alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

HIDDEN = 64
LARGEST = 80_000
"""Weights at most: the file stays below 200 kB."""

_EPOCHS = 14
_BATCH = 128
_RATE = 2e-3
_DECAY = 1e-4
_SEED = 1
_DROPPED = 0.2


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
        """The log odds, float32 (m,), that rows float32 (m, n) are of the first kind."""
        hidden = np.maximum((rows - self.mean) * self.scale @ self.first.astype(np.float32) + self.bias, 0)
        scores: Floats = hidden @ self.second + self.shift
        return scores

    def arrays(self) -> dict[str, np.ndarray]:
        """All that makes it, by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """The one that `arrays` came from; raises KeyError or ValueError where they do not belong together."""
        judge = cls(*(np.asarray(arrays[name]) for name in cls.__slots__))
        inputs, hidden = judge.first.shape
        shapes = {"mean": (inputs,), "scale": (inputs,), "bias": (hidden,), "second": (hidden,), "shift": ()}
        if any(getattr(judge, name).shape != shape for name, shape in shapes.items()):
            raise ValueError("the arrays have other shapes than each other")
        if not all(np.isfinite(values).all() for values in judge.arrays().values()):
            raise ValueError("the arrays hold what are no numbers")
        return judge


def train(first: Floats, second: Floats) -> Judge:
    """Learn to tell rows float32 (m, n) of the first kind from the second's, each kind weighing the same.

    Adam (D. Kingma and J. Ba, 2015) on the cross-entropy, the same at every call.
    """
    random = np.random.default_rng(_SEED)
    rows = np.concatenate([first, second]).astype(np.float32)
    mean = rows.mean(axis=0)
    scale = 1 / np.maximum(rows.std(axis=0), np.float32(1e-3))
    # what hardly ever differs must not speak loudest where it does
    rows = np.clip((rows - mean) * scale, -8, 8)
    kinds = np.r_[np.ones(len(first), np.float32), np.zeros(len(second), np.float32)]
    weights = np.where(kinds == 1, len(rows) / (2 * len(first)), len(rows) / (2 * len(second))).astype(np.float32)
    inputs = rows.shape[1]
    hidden = max(4, min(HIDDEN, LARGEST // inputs))
    values = [
        random.normal(0, np.sqrt(2 / inputs), (inputs, hidden)).astype(np.float32),
        np.zeros(hidden, np.float32),
        random.normal(0, np.sqrt(2 / hidden), hidden).astype(np.float32),
        np.zeros((), np.float32),
    ]
    means, squares = ([np.zeros_like(value) for value in values] for _ in range(2))
    batches = [
        chosen
        for _ in range(_EPOCHS)
        for chosen in np.array_split(random.permutation(len(rows)), -(-len(rows) // _BATCH))
    ]
    for step, chosen in enumerate(batches, start=1):
        slopes = _slopes(values, rows[chosen], kinds[chosen], weights[chosen], random)
        rate = _RATE * 0.5 * (1 + np.cos(np.pi * step / len(batches)))
        for number, slope in enumerate(slopes):
            means[number] = 0.9 * means[number] + 0.1 * slope
            squares[number] = 0.999 * squares[number] + 0.001 * slope**2
            way = means[number] / (1 - 0.9**step)
            spread = np.sqrt(squares[number] / (1 - 0.999**step))
            values[number] = (values[number] - rate * way / (spread + 1e-8)).astype(np.float32)
    return Judge(mean, scale, values[0].astype(np.float16), *values[1:])


def _slopes(
    values: list[Floats], rows: Floats, kinds: Floats, weights: Floats, random: np.random.Generator
) -> list[Floats]:
    """The cross-entropy's gradient, some inputs left out."""
    kept = random.random(rows.shape, np.float32) >= _DROPPED
    rows = rows * kept / np.float32(1 - _DROPPED)
    before = rows @ values[0] + values[1]
    hidden = np.maximum(before, 0)
    odds = hidden @ values[2] + values[3]
    error = (1 / (1 + np.exp(-odds)) - kinds) * weights / len(rows)
    back = np.outer(error, values[2]) * (before > 0)
    return [rows.T @ back + _DECAY * values[0], back.sum(axis=0), hidden.T @ error + _DECAY * values[2], error.sum()]
