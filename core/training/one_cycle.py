"""Learning rates that change with every update, which callbacks do not see within an execution of several batches."""

from typing import Any

import keras
import tensorflow as tf

from core.config.schedule import one_cycle_factor


class OneCycle(keras.optimizers.Optimizer):
    """Scales an optimizer's rate by the one-cycle schedule, in the compiled step; mixed into the optimizer's class.

    Keras's own schedule objects refuse a rate that is set by hand. Here, what is set is the peak.
    """

    updates: int
    """Of the whole training."""
    peak_at: float
    """The share of the updates in which the rate rises."""
    ahead: int = 0
    """Updates of the training that this optimizer did not make, as after a fork without its origin's optimizer."""

    @property
    def learning_rate(self) -> Any:
        """The rate of the next update, a float32 tensor; setting it sets the peak."""
        return self._rate_of(self.iterations.value)

    @learning_rate.setter
    def learning_rate(self, peak: float) -> None:
        self._learning_rate.assign(peak)

    @property
    def peak(self) -> float:
        """The highest rate of the cycle."""
        return float(self._learning_rate)

    @property
    def last_rate(self) -> float:
        """The rate of the last update, or of the first one before it."""
        return float(self._rate_of(tf.maximum(self.iterations.value - 1, 0)))

    def _rate_of(self, update: Any) -> Any:
        factor = one_cycle_factor(tf.cast(update, tf.float32) + float(self.ahead), self.updates, self.peak_at)
        return self._learning_rate.value * factor


def one_cycle(optimizer: keras.optimizers.Optimizer, *, updates: int, peak_at: float) -> keras.optimizers.Optimizer:
    """The optimizer with its rate, the peak, scaled over this many updates; see `one_cycle_factor`."""
    kind = type(optimizer)
    # with the name of the optimizer's class, by which others know its state
    optimizer.__class__ = type(kind.__name__, (OneCycle, kind), {"updates": updates, "peak_at": peak_at})
    return optimizer


def set_rate(optimizer: keras.optimizers.Optimizer) -> float:
    """The rate as set by the settings, a schedule between epochs, or by hand: under one-cycle, its peak."""
    return optimizer.peak if isinstance(optimizer, OneCycle) else float(optimizer.learning_rate)


def last_rate(optimizer: keras.optimizers.Optimizer) -> float:
    """The rate of the last update."""
    return optimizer.last_rate if isinstance(optimizer, OneCycle) else float(optimizer.learning_rate)
