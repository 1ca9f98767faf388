"""How the learning rate changes over a run."""

from math import cos, pi
from typing import Any

from core.config.run import RunConfig

PLATEAU_FACTOR = 1 / 3
"""The learning rate is multiplied by this when the watched metric stops improving."""

PLATEAU_PATIENCE = 2
"""Epochs without improvement before that."""


def cosine_factor(epoch: int, epochs: int) -> float:
    """The share of the initial learning rate in an epoch: 1 in epoch 1, near 0 in the last.

    Half a cosine without restarts (Loshchilov and Hutter, 2017). Epochs are counted from 1.
    """
    return (1 + cos(pi * (epoch - 1) / epochs)) / 2


def one_cycle_factor(update: Any, updates: int, peak_at: float) -> Any:
    """The share of the peak rate in an update, counted from 0: it rises in a straight line, then falls to nearly 0.

    It is highest after the share `peak_at` of all updates (Smith and Topin, "Super-Convergence", 2019, without its last
    phase). Takes and returns a number or a tensor; taken in the middle of an update, so that a single one has a rate.
    """
    done = (update + 0.5) / updates
    rising, falling = done / peak_at, (1 - done) / (1 - peak_at)
    # |x|, since `min` and `max` compare and so take no tensor
    least = (rising + falling - abs(rising - falling)) / 2
    return (least + abs(least)) / 2


def planned_rate(config: RunConfig, epoch: int) -> float:
    """The learning rate that the settings give an epoch, counted from 1; of epoch 0, the initial rate.

    The plateau schedule depends on the run, and so counts as constant; one-cycle scales this rate in each update.
    """
    factor = cosine_factor(epoch, config.epochs) if config.schedule == "cosine" and epoch else 1.0
    return config.learning_rate * factor


def continued_rate(rate: float, before: RunConfig, after: RunConfig, epoch: int) -> float:
    """The learning rate at the end of an epoch for a run that goes on from there with other settings.

    Where learning rate and schedule stay the same, changes of the rate by hand or on a plateau stay in effect, and a
    cosine follows the new number of epochs.
    """
    if (before.learning_rate, before.schedule) != (after.learning_rate, after.schedule):
        return planned_rate(after, epoch)
    return rate * (planned_rate(after, epoch) / planned_rate(before, epoch))
