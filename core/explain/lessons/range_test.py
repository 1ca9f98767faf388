"""A learning-rate range test: one epoch in which the rate grows with each update, and the rate that it suggests.

L. N. Smith, 2017, Cyclical Learning Rates for Training Neural Networks, section 3.3. The suggestion follows S. Gugger,
2018, How Do You Find A Good Learning Rate, and fastai: a tenth of the rate at which the smoothed loss is lowest.
"""

from dataclasses import dataclass

import numpy as np

from core.array_types import Floats
from core.explain.lessons.descent import Problem
from core.explain.lessons.slopes import Network

LOWEST, HIGHEST = 0.001, 10.0
BATCH_SIZE = 16
BEFORE_LOWEST = 10.0
"""By what the rate of the lowest loss is divided: there, the loss no longer falls."""
_MEMORY = 0.9
"""The share of the smoothed loss that stays with each update."""
_DIVERGED = 4.0
"""The test ends when the smoothed loss is this many times the lowest."""


@dataclass(frozen=True, slots=True, eq=False)
class RangeTest:
    """The rate of each update, the loss of its batch before it, and that loss smoothed; each float (updates,)."""

    rates: Floats
    loss: Floats
    smoothed: Floats

    @property
    def lowest(self) -> float:
        """The rate at which the smoothed loss is lowest."""
        return float(self.rates[int(np.argmin(self.smoothed))])

    @property
    def suggested(self) -> float:
        """The rate to train with."""
        return self.lowest / BEFORE_LOWEST


def range_test(problem: Problem) -> RangeTest:
    """Train the small network of the lesson for one epoch with growing rates, until the loss has diverged."""
    network, batches = Network.new(problem.inputs.shape[1]), problem.batches(BATCH_SIZE)
    rates = np.geomspace(LOWEST, HIGHEST, -(-len(problem) // BATCH_SIZE))
    losses, smoothed, mean = list[float](), list[float](), 0.0
    for count, rate in enumerate(rates, start=1):
        inputs, targets = next(batches)
        shares = network.log_shares(network.activations(inputs))
        loss = -float((shares * targets).sum(axis=1).mean())
        mean = _MEMORY * mean + (1 - _MEMORY) * loss
        losses.append(loss)
        # the first ones lean towards the start, 0
        smoothed.append(mean / (1 - _MEMORY**count))
        if not np.isfinite(loss) or smoothed[-1] > _DIVERGED * min(smoothed):
            break
        network.update(inputs, targets, float(rate))
    kept = np.isfinite(losses)
    found = (rates[: len(losses)], np.array(losses), np.array(smoothed))
    return RangeTest(*(each[kept].astype(np.float32) for each in found))
