"""Digits for the check to learn from: many builds, upright and tilted, with thin and thick pens."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.array_types import Bytes, Floats
from core.drawing.to_mnist import to_mnist
from research.handwriting.dataset import PENS, SIZES, THICKEST
from research.handwriting.hands import Points, Random, by_hand, turned, vary
from research.handwriting.letters import LEARNED_FONTS, letter
from research.handwriting.nondigits import SMALL_CANVAS, THIN, TILT, TILTED, written
from research.handwriting.strokes import CANVAS, PenDigit, Strokes, render

_SEED = 17
_THIN, _BUILT, _OF_A_FONT, _AS_WRITTEN = 0.3, 0.25, 0.08, 0.15

_TALL = [(0.3, 0), (0.08, 0.2), (0, 0.5), (0.08, 0.82), (0.3, 1), (0.52, 0.82), (0.6, 0.5), (0.52, 0.2), (0.3, 0)]

# control points in a box of height 1, with y downward, joined by a smooth curve, or by a line if there are two
BUILDS: Mapping[int, Sequence[Sequence[Points]]] = {
    0: [
        [_TALL, [(0.55, 0.1), (0.05, 0.9)]],
        [_TALL, [(0.7, -0.05), (-0.1, 1.05)]],
        [_TALL, [(0.05, 0.15), (0.55, 0.85)]],
        [_TALL, [(0.42, 0.3), (0.18, 0.7)]],
        [[(0, 0), (0.6, 0)], [(0.6, 0), (0.6, 1)], [(0.6, 1), (0, 1)], [(0, 1), (0, 0)]],
        [[(0.3, 0), (0, 0.3)], [(0, 0.3), (0, 0.75)], [(0, 0.75), (0.3, 1)], [(0.3, 1), (0.6, 0.7)],
         [(0.6, 0.7), (0.6, 0.25)], [(0.6, 0.25), (0.3, 0)]],
        [[(0.5, 0), (0.12, 0.15), (0, 0.5), (0.14, 0.86), (0.5, 1), (0.86, 0.86), (1, 0.5), (0.86, 0.14), (0.5, 0)]],
        [[(0.18, 0), (0.04, 0.2), (0, 0.5), (0.04, 0.8), (0.18, 1), (0.32, 0.8), (0.36, 0.5), (0.32, 0.2), (0.18, 0)]],
        [[(0.4, 0.06), (0.15, 0.1), (0, 0.5), (0.1, 0.9), (0.35, 1), (0.6, 0.8), (0.62, 0.3), (0.45, 0), (0.25, 0.08)]],
    ],
    1: [
        [[(0, 0.3), (0.3, 0)], [(0.3, 0), (0.3, 1)], [(0, 1), (0.6, 1)]],
        [[(0.1, 0.15), (0.3, 0)], [(0.3, 0), (0.3, 1)], [(0.1, 1), (0.5, 1)]],
        [[(0, 0.6), (0.35, 0)], [(0.35, 0), (0.35, 1)]],
        [[(-0.1, 0.75), (0.35, 0)], [(0.35, 0), (0.35, 1)]],
        [[(0, 0.55), (0.35, 0)], [(0.35, 0), (0.35, 1)], [(0, 1), (0.7, 1)]],
        [[(0.2, 0), (0.2, 1)], [(-0.15, 1), (0.55, 1)]],
        [[(0, 0.05), (0.2, 0)], [(0.2, 0), (0.2, 1)], [(0, 1), (0.4, 1)]],
        [[(0.5, 0), (0, 1)]],
    ],
    2: [
        [[(0, 0.2), (0.1, 0)], [(0.1, 0), (0.55, 0)], [(0.55, 0), (0.6, 0.3)], [(0.6, 0.3), (0, 1)],
         [(0, 1), (0.65, 1)]],
        [[(0, 0.15), (0.3, 0), (0.55, 0.2), (0.4, 0.55), (0.05, 0.85), (0.02, 1), (0.3, 0.93), (0.7, 1)]],
        [[(0, 0), (0.6, 0)], [(0.6, 0), (0.6, 0.48)], [(0.6, 0.48), (0, 0.5)], [(0, 0.5), (0, 1)], [(0, 1), (0.6, 1)]],
    ],
    3: [
        [[(0, 0), (0.6, 0)], [(0.6, 0), (0.6, 1)], [(0.6, 1), (0, 1)], [(0.1, 0.5), (0.6, 0.5)]],
        [[(0, 0.08), (0.45, 0), (0.5, 0.3), (0.15, 0.48)], [(0.15, 0.48), (0.62, 0.6), (0.55, 0.95), (0, 1)]],
        [[(0, 0), (0.55, 0)], [(0.55, 0), (0.2, 0.42)], [(0.2, 0.42), (0.6, 0.7)], [(0.6, 0.7), (0, 1)]],
    ],
    4: [
        [[(0, 0), (0, 0.55)], [(0, 0.55), (0.6, 0.55)], [(0.6, 0), (0.6, 1)]],
        [[(0, 0), (0.02, 0.5)], [(0.02, 0.5), (0.55, 0.5)], [(0.5, 0), (0.5, 1)]],
        [[(0, 0), (0.05, 0.4), (0.25, 0.5), (0.55, 0.4)], [(0.55, 0), (0.55, 1)]],
        [[(0.3, 0), (0, 0.6)], [(0, 0.6), (0.7, 0.6)], [(0.45, 0.35), (0.4, 1)]],
        [[(0.55, 0), (0, 0.7)], [(0, 0.7), (0.8, 0.7)], [(0.55, 0), (0.55, 1)]],
        [[(0.55, 0), (0, 0.7)], [(0, 0.7), (0.8, 0.7)], [(0.55, 0), (0.55, 1)], [(0.35, 1), (0.75, 1)]],
    ],
    5: [
        [[(0.6, 0), (0, 0)], [(0, 0), (0, 0.48)], [(0, 0.48), (0.6, 0.5)], [(0.6, 0.5), (0.6, 1)], [(0.6, 1), (0, 1)]],
        [[(0.1, 0.08), (0.05, 0.42)], [(0.05, 0.42), (0.5, 0.45), (0.5, 0.85), (0, 1)], [(0.2, 0), (0.7, 0)]],
        [[(0.6, 0), (0.15, 0.02)], [(0.15, 0.02), (0.1, 0.4)], [(0.1, 0.4), (0.45, 0.45), (0.5, 0.8), (0, 0.95)]],
    ],
    6: [
        [[(0.15, 0), (0, 0.4), (0, 0.8), (0.2, 1), (0.5, 0.9), (0.5, 0.6), (0.2, 0.55), (0, 0.75)]],
        [[(0.1, 0), (0.02, 0.6)], [(0.02, 0.6), (0.02, 1)], [(0.02, 1), (0.5, 1)], [(0.5, 1), (0.5, 0.6)],
         [(0.5, 0.6), (0.02, 0.6)]],
        [[(0.6, 0.05), (0.3, 0), (0.05, 0.35), (0, 0.75), (0.25, 1), (0.55, 0.8), (0.4, 0.55), (0.05, 0.65)]],
    ],
    7: [
        [[(0, 0), (0.65, 0)], [(0.65, 0), (0.2, 1)], [(0.15, 0.5), (0.7, 0.5)]],
        [[(0, 0), (0.65, 0)], [(0.65, 0), (0.3, 1)], [(0.2, 0.4), (0.62, 0.55)]],
        [[(0, 0.15), (0, 0)], [(0, 0), (0.6, 0)], [(0.6, 0), (0.4, 1)], [(0.2, 0.5), (0.75, 0.45)]],
        [[(0, 0), (0.5, 0)], [(0.5, 0), (0.5, 1)]],
        [[(0, 0.2), (0.03, 0)], [(0.03, 0), (0.6, 0.03)], [(0.6, 0.03), (0.3, 0.45), (0.2, 1)]],
    ],
    8: [
        [[(0.35, 0.08), (0.15, 0), (0.02, 0.2), (0.18, 0.45), (0.34, 0.75), (0.17, 1), (0, 0.78), (0.18, 0.45),
          (0.35, 0.08)]],
        [[(0.15, 0), (0.02, 0.12), (0.02, 0.34), (0.15, 0.46), (0.28, 0.34), (0.28, 0.12), (0.15, 0)],
         [(0.15, 0.46), (0, 0.6), (0, 0.88), (0.15, 1), (0.3, 0.88), (0.3, 0.6), (0.15, 0.46)]],
        [[(0, 0), (0.55, 0)], [(0.55, 0), (0, 1)], [(0, 1), (0.55, 1)], [(0.55, 1), (0, 0)]],
        [[(0.6, 0), (0.15, 0.05), (0.1, 0.3), (0.45, 0.6), (0.4, 0.95), (0.1, 0.95), (0.08, 0.65), (0.5, 0.3),
          (0.6, 0)]],
        [[(0, 0), (0.5, 0)], [(0.5, 0), (0.5, 1)], [(0.5, 1), (0, 1)], [(0, 1), (0, 0)], [(0, 0.5), (0.5, 0.5)]],
    ],
    9: [
        [[(0.5, 0.5), (0, 0.5)], [(0, 0.5), (0, 0)], [(0, 0), (0.5, 0)], [(0.5, 0), (0.5, 1)]],
        [[(0.5, 0.2), (0.25, 0), (0, 0.2), (0.1, 0.45), (0.4, 0.42), (0.5, 0.15)], [(0.5, 0.15), (0.4, 0.6), (0.1, 1)]],
        [[(0.45, 0.1), (0.2, 0), (0, 0.25), (0.2, 0.48), (0.48, 0.3)], [(0.5, 0), (0.5, 0.7), (0.3, 1), (0, 0.95)]],
    ],
}  # fmt: skip
"""Slashed, angular, round and narrow 0; footed and steeple 1; open 4; barred 7; narrow and crossed 8; and more."""


def drawings(pen_digits: Sequence[PenDigit], count: int) -> Floats:
    """These digits in turn as other hands might have drawn them, in MNIST's format, float32 (count, 28, 28) in 0..1."""
    return _drawings(pen_digits, count, 0, _in_another_hand)


def drawings_as_written(pen_digits: Sequence[PenDigit], count: int) -> Floats:
    """The same with the strokes of their writers."""
    return _drawings(pen_digits, count, 1, lambda digit, _: digit.strokes)


def _drawings(
    pen_digits: Sequence[PenDigit], count: int, purpose: int, strokes: Callable[[PenDigit, Random], Strokes]
) -> Floats:
    images = []
    for number in range(count):
        random = np.random.default_rng((_SEED, purpose, number))
        images.append(to_mnist(_drawn(strokes(pen_digits[number % len(pen_digits)], random), random)))
    return np.array(images, np.float32).reshape(-1, 28, 28)


def _drawn(strokes: Strokes, random: Random) -> Bytes:
    """The strokes on a small canvas, uint8 (112, 112, 4), perhaps tilted, with a thin, usual or thick pen."""
    if random.random() < TILTED:
        strokes = turned(strokes, float(random.uniform(-TILT, TILT)))
    size = random.uniform(*SIZES)
    thin = random.random() < _THIN
    pen = random.uniform(*THIN) if thin else random.uniform(PENS[0], min(PENS[1], THICKEST * size))
    scale = SMALL_CANVAS / CANVAS
    middle = SMALL_CANVAS / 2 + random.uniform(-0.5, 0.5, 2)
    return render(strokes, size * scale, (middle[0], middle[1]), pen * scale, side=SMALL_CANVAS)


def _in_another_hand(digit: PenDigit, random: Random) -> Strokes:
    way = random.random()
    if way < _BUILT:
        builds = BUILDS[digit.label]
        return written(builds[int(random.integers(len(builds)))], random)
    if way < _BUILT + _OF_A_FONT:
        return letter(str(digit.label), LEARNED_FONTS, random)
    if way < _BUILT + _OF_A_FONT + _AS_WRITTEN:
        return by_hand(digit.strokes, random)
    return vary(digit, random)
