"""A small network trained at several learning rates, from one that barely learns to one that diverges.

One hidden layer in NumPy: without it the loss would have no local minima, and hardly any rate would be too high.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.array_types import Floats
from core.explain.lessons.descent import CLASSES, PASSES, RATES, Problem

UNITS = 16
BATCH_SIZE = 128

_SEED = 1
_STRIDE = 2
"""Updates between two recorded losses."""
# small enough for OpenBLAS to use one thread; two would wait for each other while runs train alongside
_BLOCK = 20


@dataclass(frozen=True, slots=True)
class Slope:
    """A learning rate and the loss over all images by update."""

    rate: float
    updates: Sequence[float]
    loss: Sequence[float]


@dataclass(slots=True, eq=False)
class Network:
    """Weights (785, units) and (units + 1, 10); the last row of each holds the biases."""

    hidden: Floats
    output: Floats

    @classmethod
    def new(cls, inputs: int) -> Self:
        """He initialization (He et al., 2015, Delving Deep into Rectifiers) with biases 0."""
        random = np.random.default_rng(_SEED)
        hidden = random.normal(0, np.sqrt(2 / inputs), (inputs, UNITS))
        output = random.normal(0, np.sqrt(1 / UNITS), (UNITS + 1, CLASSES))
        hidden[-1], output[-1] = 0, 0
        return cls(hidden.astype(np.float32), output.astype(np.float32))

    def activations(self, inputs: Floats) -> Floats:
        """Hidden activations with a last column of ones for the biases, (n, units + 1)."""
        found = np.ones((len(inputs), UNITS + 1), np.float32)
        for rows in _blocks(len(inputs)):
            found[rows, :-1] = np.maximum(inputs[rows] @ self.hidden, 0)
        return found

    def log_shares(self, activations: Floats) -> Floats:
        """Log-probabilities (n, 10)."""
        scores = activations @ self.output
        scores -= scores.max(axis=1, keepdims=True)
        return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))

    def update(self, inputs: Floats, targets: Floats, rate: float) -> None:
        activations = self.activations(inputs)
        step = np.float32(rate / len(inputs)) * (np.exp(self.log_shares(activations)) - targets)
        behind = (step @ self.output[:-1].T) * (activations[:, :-1] > 0)
        self.output -= activations.T @ step
        for rows in _blocks(len(inputs)):
            self.hidden -= inputs[rows].T @ behind[rows]

    def loss(self, problem: Problem) -> float:
        """Mean cross-entropy over all images, in nats."""
        shares = self.log_shares(self.activations(problem.inputs))
        return -float(shares[np.arange(len(problem)), problem.labels].mean())


def try_rates(problem: Problem) -> list[Slope]:
    """PASSES passes of plain gradient descent from the same weights for each of RATES, highest first."""
    return [_try(problem, rate) for rate in reversed(RATES)]


def _try(problem: Problem, rate: float) -> Slope:
    network, batches = Network.new(problem.inputs.shape[1]), problem.batches(BATCH_SIZE)
    updates = range(0, PASSES * -(-len(problem) // BATCH_SIZE) + 1, _STRIDE)
    losses = [network.loss(problem)]
    for _ in updates[1:]:
        for _ in range(_STRIDE):
            network.update(*next(batches), rate)
        losses.append(network.loss(problem))
    return Slope(rate, updates, losses)


def _blocks(count: int) -> list[slice]:
    return [slice(first, first + _BLOCK) for first in range(0, count, _BLOCK)]
