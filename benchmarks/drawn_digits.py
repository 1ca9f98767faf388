"""Digits on the canvas, to measure with: whose they are, and the ways in which they are drawn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.array_types import Bytes
from core.errors import DataUnavailable
from research.handwriting.dataset import HELD_OUT_WRITERS, PENS, SIZES, THICKEST
from research.handwriting.hands import turned, vary
from research.handwriting.nondigits import DIGITS, written
from research.handwriting.strokes import CANVAS, PenDigit, Strokes, given_pen_digits, render

THIN = (3.0, 6.0)
_SEED = 21
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Drawn:
    """Digits drawn by hand or code: their strokes and origin."""

    whose: str
    digits: Sequence[PenDigit]

    def some(self, count: int, purpose: int) -> Iterator[tuple[PenDigit, Random]]:
        """This many digits, each with its own random generator."""
        for number in range(count):
            random = np.random.default_rng((_SEED, purpose, number))
            yield self.digits[int(random.integers(len(self.digits)))], random


def held_out() -> Drawn | None:
    """The digits of the writers that nothing was trained on or chosen by; None without the file of strokes."""
    try:
        digits = given_pen_digits()
    except DataUnavailable:
        return None
    return Drawn("of held-out writers", [digit for digit in digits if digit.writer in HELD_OUT_WRITERS])


def made() -> Drawn:
    """Digits drawn by code, where there are no strokes of writers."""
    random = np.random.default_rng(_SEED)
    return Drawn("made by code", [PenDigit(n % 10, "", tuple(written(DIGITS[n % 10], random))) for n in range(400)])


def canvas(digit: PenDigit, random: Random, pens: tuple[float, float] = PENS) -> Bytes:
    """The digit on a canvas, at a random size and place, with a pen of this range that keeps it legible."""
    return _placed(digit.strokes, random, pens)


def _placed(strokes: Strokes, random: Random, pens: tuple[float, float] = PENS) -> Bytes:
    size = random.uniform(max(SIZES[0], pens[0] / THICKEST), SIZES[1])
    x, y = random.uniform(size / 2, CANVAS - size / 2, 2)
    return render(strokes, size, (x, y), random.uniform(pens[0], min(pens[1], THICKEST * size)))


def colored(drawing: Bytes, ink: int, paper: int | None) -> Bytes:
    """Replace black ink on transparency by another gray, and by opaque paper if one is given."""
    other = drawing.copy()
    if paper is None:
        other[..., :3] = ink
        return other
    opacity = drawing[..., 3:] / 255
    other[..., :3] = np.round(ink * opacity + paper * (1 - opacity))
    other[..., 3] = 255
    return other


def _tilted(degrees: float) -> "Way":
    def way(digit: PenDigit, random: Random) -> Bytes:
        return _placed(turned(digit.strokes, float(random.choice((-degrees, degrees)))), random)

    return way


def _dotted(digit: PenDigit, random: Random) -> Bytes:
    """With one dot of the pen, away from the digit."""
    size, pen = random.uniform(70, 170), random.uniform(8, 18)
    drawn = render(digit.strokes, size, (size / 2 + 4, CANVAS / 2), pen)
    x, y = random.uniform(size + 0.45 * size, CANVAS - pen), random.uniform(pen, CANVAS - pen)
    dot = render([np.array([(0, 0), (0.01, 0)], np.float32)], pen, (x, y), pen)
    return np.maximum(drawn, dot)


def _rebuilt(digit: PenDigit, random: Random) -> Bytes:
    return _placed(vary(digit, random), random)


Way = Callable[[PenDigit, Random], Bytes]

WAYS: Sequence[tuple[str, Way, float | None, float | None]] = (
    ("pen 6–36", canvas, 99.2, 1.0),
    ("pen 3–6", lambda digit, random: canvas(digit, random, THIN), 99.0, 1.5),
    ("tilted by 15°", _tilted(15), 98.5, 2.0),
    ("tilted by 25°", _tilted(25), None, 5.0),
    ("built otherwise", _rebuilt, None, 2.0),
    ("with a stray dot", _dotted, None, 2.0),
)
"""How digits are drawn: a name, how, the share to be read right, and the share that may be declined, in percent."""
