"""How the learning rate changes over a run."""

from math import cos, pi

PLATEAU_FACTOR = 1 / 3
"""The learning rate is multiplied by this when the watched metric stops improving."""

PLATEAU_PATIENCE = 2
"""Epochs without improvement before that."""


def cosine_factor(epoch: int, epochs: int) -> float:
    """The share of the initial learning rate in an epoch: 1 in epoch 1, near 0 in the last.

    Half a cosine without restarts (Loshchilov and Hutter, 2017). Epochs are counted from 1.
    """
    return (1 + cos(pi * (epoch - 1) / epochs)) / 2
