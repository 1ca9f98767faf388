"""Checks on a prepared digit's ink before any network is asked: a blot, or several digits side by side."""

import numpy as np

from core.array_types import Floats, Mask

BLOT = 12
"""Side in pixels of a solid square of ink that makes a blot: no pen is as thick as half a digit."""

AS_TALL = 0.85
"""Share of the whole height on both sides of a gap that makes several digits; parts of one digit are shorter."""

_INK, _FAINT = 0.5, 0.3


def could_be_one_digit(digit: Floats) -> bool:
    """Whether a digit prepared by `to_mnist`, float32 (28, 28), is neither a blot nor several digits side by side."""
    return _largest_square(digit > _INK) < BLOT and not _several(digit > _FAINT)


def _largest_square(mask: Mask) -> int:
    side = 0
    while mask.any():
        side += 1
        mask = mask[:-1, :-1] & mask[1:, :-1] & mask[:-1, 1:] & mask[1:, 1:]
    return side


def _several(mask: Mask) -> bool:
    """Whether an empty column splits the ink into two parts that are both nearly as tall as the whole."""
    columns = np.flatnonzero(mask.any(axis=0))
    gaps = columns[:-1][np.diff(columns) > 1] + 1
    enough = AS_TALL * _height(mask)
    return any(min(_height(mask[:, :gap]), _height(mask[:, gap:])) >= enough for gap in gaps)


def _height(mask: Mask) -> int:
    rows = np.flatnonzero(mask.any(axis=1))
    return int(rows[-1] - rows[0] + 1) if len(rows) else 0
