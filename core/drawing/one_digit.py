"""Checks on a prepared digit's ink before any network is asked: a blot, or several digits side by side."""

import numpy as np

from core.array_types import Floats, Mask

BLOT = 5.8
"""Mean width of lines, in pixels, that makes a blot: a pen of about a third of the digit's size."""

SOLID = 0.92
"""Mean ink of a filled rectangle in its box."""

AS_TALL = 0.85
"""Share of the whole height on both sides of a gap that makes several digits; parts of one digit are shorter."""

_FAINT = 0.3


def could_be_one_digit(digit: Floats) -> bool:
    """Whether a digit prepared by `to_mnist`, float32 (28, 28), is neither a blot nor several digits side by side."""
    return line_width(digit) < BLOT and not _several(digit > _FAINT)


def is_blot(digit: Floats) -> bool:
    """Whether the lines of a digit prepared by `to_mnist`, float32 (28, 28), are so thick that they run together.

    A filled rectangle does not count: nobody drew it as a digit.
    """
    drawn = digit > _FAINT
    box = digit[np.ix_(drawn.any(axis=1), drawn.any(axis=0))]
    return line_width(digit) >= BLOT and float(box.mean()) < SOLID


def line_width(digit: Floats) -> float:
    """The mean width of the lines in an image, float32 (h, w) in 0..1, in pixels: twice their area by their outline."""
    wide = np.pad(digit, 1)
    outline = np.hypot(np.diff(wide, axis=1)[:-1], np.diff(wide, axis=0)[:, :-1]).sum()
    return float(2 * digit.sum() / max(float(outline), 1e-6))


def _several(mask: Mask) -> bool:
    """Whether an empty column splits the ink into two parts that are both nearly as tall as the whole."""
    columns = np.flatnonzero(mask.any(axis=0))
    gaps = columns[:-1][np.diff(columns) > 1] + 1
    enough = AS_TALL * _height(mask)
    return any(min(_height(mask[:, :gap]), _height(mask[:, gap:])) >= enough for gap in gaps)


def _height(mask: Mask) -> int:
    rows = np.flatnonzero(mask.any(axis=1))
    return int(rows[-1] - rows[0] + 1) if len(rows) else 0
