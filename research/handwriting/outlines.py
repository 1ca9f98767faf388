"""Outlines that people like to draw: hearts, trees, stars, lightning, flags."""

from collections.abc import Callable, Sequence

import numpy as np

from research.handwriting.hands import Random, by_hand
from research.handwriting.strokes import Path2D, Strokes, smooth

_Shape = Callable[[Random], Strokes]


def outline(random: Random) -> Strokes:
    """One of them in other proportions each time, as written by a hand: float32 (n, 2) in a box of about 1."""
    return by_hand(_SHAPES[int(random.integers(len(_SHAPES)))](random), random)


def _path(*points: tuple[float, float]) -> Path2D:
    return np.array(points, np.float32)


def _heart(random: Random) -> Strokes:
    dip, shoulder, lobe = random.uniform(0.15, 0.35), random.uniform(0.12, 0.3), random.uniform(0.2, 0.32)
    halves = []
    for side in (-1, 1):
        wide, lobe = random.uniform(0.42, 0.6), lobe + random.normal(0, 0.02)
        half = [(0, dip), (lobe, 0), (wide, shoulder), (0.7 * wide, random.uniform(0.5, 0.68)), (0, 1)]
        halves.append(smooth(np.array(half) * (side, 1)))
    # in one go, or one half after the other
    return halves if random.random() < 0.5 else [np.concatenate([halves[0][::-1], halves[1]])]


def _tree(random: Random) -> Strokes:
    """A triangle, or up to three above each other, on a stem of one line or two."""
    crown, wide = random.uniform(0.6, 0.88), random.uniform(0.25, 0.5)
    layers = int(random.choice((1, 1, 1, 2, 3)))
    strokes: list[Path2D] = []
    for layer in range(layers):
        top, bottom = crown * layer / (layers + 0.5), crown * (layer + 1) / layers
        reach = wide * (0.6 + 0.4 * (layer + 1) / layers)
        strokes.append(_path((0, top), (-reach, bottom), (reach, bottom), (0, top)))
    width = random.choice((0, random.uniform(0.04, 0.1)))
    return [*strokes, *(_path((x, crown), (x, 1)) for x in {-width, width})]


def _star(random: Random) -> Strokes:
    points = int(random.choice((4, 5, 5, 5, 6)))
    angle = np.arange(2 * points + 1) * np.pi / points
    radius = np.where(np.arange(2 * points + 1) % 2, random.uniform(0.18, 0.3), 0.5)
    return [np.stack([radius * np.sin(angle), -radius * np.cos(angle)], axis=1).astype(np.float32)]


def _bolt(random: Random) -> Path2D:
    """Three lines, the second of which leads back; mirrored, it would be a 5 or a 2."""
    lean, back, fall = random.uniform(0.25, 0.5), random.uniform(0.2, 0.5), random.uniform(-0.15, 0.05)
    half = random.uniform(0.42, 0.6)
    return _path((0, 0), (-lean, half), (back - lean, half + fall), (back - 2 * lean, 1))


def _lightning(random: Random) -> Strokes:
    return [_bolt(random)]


def _thick_lightning(random: Random) -> Strokes:
    bolt = _bolt(random)
    across = np.array([(0.2, 0.03), (0.18, -0.08), (0.15, -0.06)]) * random.uniform(0.8, 1.4)
    return [np.concatenate([bolt, (bolt[:3] + across)[::-1], bolt[:1]]).astype(np.float32)]


def _flag(random: Random) -> Strokes:
    """With its cloth to the right; to the left, it would be a 9."""
    wide, high = random.uniform(0.4, 0.8), random.uniform(0.3, 0.5)
    end = [(wide, 0), (wide, high)] if random.random() < 0.5 else [(wide, high / 2)]
    return [_path((0, 0), (0, 1)), _path((0, 0), *end, (0, high))]


_SHAPES: Sequence[_Shape] = (_heart, _heart, _tree, _tree, _star, _lightning, _thick_lightning, _flag)
