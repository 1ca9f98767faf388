"""Variation of handwriting: other ways to draw a digit, slant, proportions, waves and tremor."""

from collections.abc import Sequence

import numpy as np

from core.array_types import Floats
from research.handwriting.strokes import Path2D, PenDigit, Strokes, smooth

Points = Sequence[tuple[float, float]]
Random = np.random.Generator

REBUILT = 0.3
"""Share of digits that are drawn in another way than by their writer."""

_STEP = 0.02
_LOOP = [(0.5, 0.05), (0.15, 0.0), (-0.1, 0.15), (-0.05, 0.42), (0.2, 0.5), (0.45, 0.38), (0.5, 0.05)]

# control points in a box of height 1, with y downward, joined by a smooth curve, or by a line if there are two
_WAYS: dict[int, list[list[Points]]] = {
    0: [
        [[(0.3, 0), (0.02, 0.3), (0.05, 0.8), (0.35, 1), (0.62, 0.7), (0.6, 0.2), (0.3, 0)], [(0.75, 0), (-0.1, 1)]],
        [[(0.3, 0), (0.02, 0.3), (0.05, 0.8), (0.35, 1), (0.62, 0.7), (0.6, 0.2), (0.3, 0)], [(0.5, 0.2), (0.15, 0.8)]],
        [[(0.4, 0), (0.0, 0.45), (0.35, 1), (0.75, 0.55), (0.4, 0)]],
    ],
    1: [
        [[(0.2, 0), (0.2, 1)]],
        [[(0, 0.25), (0.22, 0)], [(0.22, 0), (0.22, 1)]],
        [[(-0.15, 0.5), (0.25, 0)], [(0.25, 0), (0.25, 1)]],
        [[(0, 0.5), (0.22, 0)], [(0.22, 0), (0.2, 1)]],
        [[(0, 0.22), (0.22, 0)], [(0.22, 0), (0.22, 1)], [(-0.05, 1), (0.5, 1)]],
        [[(-0.1, 0.4), (0.22, 0)], [(0.22, 0), (0.22, 1)], [(-0.12, 1), (0.55, 1)]],
        [[(0.2, 0), (0.2, 1)], [(-0.1, 1), (0.5, 1)]],
        [[(-0.02, 0.2), (0.25, 0)], [(0.25, 0), (0.2, 1)], [(-0.15, 0.97), (0.2, 1)]],
        [[(-0.08, 0.18), (0.1, 0.12), (0.28, 0)], [(0.28, 0), (0.26, 0.5), (0.2, 0.92), (0.05, 1), (-0.15, 0.95)]],
        [[(-0.1, 0.1), (0.25, 0.04)], [(0.25, 0.04), (0.22, 1)], [(-0.1, 1), (0.35, 0.96)]],
    ],
    2: [
        [[(0, 0.25), (0.3, 0), (0.6, 0.22), (0.35, 0.6), (0, 1)], [(0, 1), (0.7, 1)]],
        [
            [(0, 0.2), (0.3, 0), (0.55, 0.25), (0.3, 0.7), (0.05, 0.97), (-0.05, 0.8), (0.2, 0.8), (0.45, 0.97),
             (0.75, 0.9)],
        ],
        [[(0.02, 0.15), (0.35, 0), (0.5, 0.3), (0.2, 0.8), (0, 1), (-0.08, 0.88), (0.1, 0.84), (0.4, 1), (0.65, 0.95)]],
    ],
    3: [
        [
            [(0, 0), (0.6, 0)], [(0.6, 0), (0.25, 0.4)],
            [(0.25, 0.4), (0.6, 0.55), (0.58, 0.88), (0.25, 1), (-0.05, 0.85)],
        ],
        [
            [(0, 0.1), (0.35, 0), (0.55, 0.22), (0.2, 0.45)],
            [(0.2, 0.45), (0.6, 0.6), (0.5, 0.93), (0.2, 1), (-0.03, 0.88)],
        ],
        [
            [(0, 0.12), (0.3, 0), (0.6, 0.1), (0.3, 0.38)],
            [(0.3, 0.38), (0.5, 0.55), (0.4, 0.85), (0.05, 1)],
        ],
        [[(0, 0), (0.65, 0.02)], [(0.65, 0.02), (0.3, 0.4)], [(0.3, 0.4), (0.5, 0.65), (0.35, 0.9), (0, 1)]],
        [[(0, 0.15), (0.35, 0), (0.55, 0.2), (0.3, 0.44), (0.2, 0.46), (0.32, 0.46), (0.58, 0.7), (0.3, 1), (0, 0.9)]],
    ],
    4: [
        [[(0.1, 0), (0, 0.6)], [(0, 0.6), (0.75, 0.6)], [(0.5, 0.1), (0.5, 1)]],
        [[(0.5, 0), (0, 0.65)], [(0, 0.65), (0.75, 0.65)], [(0.5, 0), (0.5, 1)]],
        [[(0.12, 0), (0.05, 0.4), (0.3, 0.5), (0.6, 0.42)], [(0.62, 0), (0.55, 1)]],
        [[(0.45, 0), (-0.05, 0.55)], [(-0.05, 0.55), (0.65, 0.55)], [(0.42, 0.3), (0.42, 1)]],
        [[(0.4, 0), (0, 0.42)], [(0, 0.42), (0.42, 0.42)], [(0.4, 0), (0.35, 1)]],
        [[(0.1, 0), (0, 0.5), (0.15, 0.56), (0.5, 0.5)], [(0.55, 0), (0.4, 1)]],
        [[(0.05, 0.05), (0, 0.45), (0.2, 0.5), (0.45, 0.35), (0.5, 0)], [(0.5, 0), (0.45, 1)]],
        [[(0.2, 0), (0, 0.55), (0.12, 0.66), (0.55, 0.55)], [(0.45, 0.35), (0.32, 1)]],
        [[(0.15, 0), (0.02, 0.6)], [(0.02, 0.6), (0.5, 0.55)], [(0.4, 0.3), (0.38, 1)]],
    ],
    5: [
        [
            [(0.6, 0), (0.1, 0)], [(0.1, 0), (0.05, 0.42)],
            [(0.05, 0.42), (0.5, 0.4), (0.6, 0.75), (0.3, 1), (-0.05, 0.9)],
        ],
        [
            [(0.1, 0.05), (0.05, 0.45)], [(0.05, 0.45), (0.5, 0.45), (0.55, 0.8), (0.2, 1), (-0.05, 0.9)],
            [(0.1, 0.02), (0.65, 0)],
        ],
        [[(0.75, 0), (0.1, 0.04)], [(0.1, 0.04), (0.2, 0.36)], [(0.2, 0.36), (0.55, 0.5), (0.4, 0.8), (-0.05, 1)]],
        [
            [(0.7, 0), (0.15, 0)], [(0.15, 0), (0.05, 0.35)],
            [(0.05, 0.35), (0.45, 0.42)], [(0.45, 0.42), (0.4, 0.8), (0, 1)],
        ],
        [[(0.75, 0.02), (0.4, 0.02), (0.2, 0.2), (0.3, 0.42), (0.5, 0.65), (0.3, 0.95), (0, 0.97)]],
        [[(0.15, 0), (0.1, 0.4), (0.4, 0.42), (0.5, 0.75), (0.2, 1), (-0.1, 0.95)], [(0.15, 0.03), (0.8, -0.02)]],
    ],
    6: [
        [[(0.5, 0), (0.15, 0.3), (0, 0.7), (0.2, 1), (0.5, 0.9), (0.5, 0.62), (0.2, 0.55), (0.03, 0.75)]],
        [[(0.4, 0), (0, 0.65)], [(0, 0.65), (0.1, 0.95), (0.4, 1), (0.55, 0.75), (0.3, 0.55), (0, 0.7)]],
        [[(0.3, 0), (0.02, 0.6), (0.05, 0.92), (0.3, 1), (0.6, 0.75), (0.62, 0.6), (0.35, 0.65), (0.1, 0.9)]],
        [[(0.4, 0), (0.05, 0.5), (0, 0.85), (0.2, 1), (0.42, 0.85), (0.3, 0.65), (0.02, 0.85)]],
    ],
    7: [
        [[(0, 0), (0.6, 0)], [(0.6, 0), (0.2, 1)]],
        [[(0, 0), (0.6, 0)], [(0.6, 0), (0.2, 1)], [(0.12, 0.5), (0.65, 0.48)]],
        [[(0, 0.2), (0.02, 0)], [(0.02, 0), (0.65, 0)], [(0.65, 0), (0.35, 0.5), (0.25, 1)]],
        [
            [(0, 0.2), (0.02, 0)], [(0.02, 0), (0.65, 0)], [(0.65, 0), (0.35, 0.5), (0.25, 1)],
            [(0.15, 0.52), (0.6, 0.5)],
        ],
        [[(0, 0.08), (0.3, 0.04), (0.6, 0)], [(0.6, 0), (0.55, 1)]],
    ],
    8: [
        [
            [(0.3, 0), (0.08, 0.1), (0.08, 0.35), (0.3, 0.46), (0.5, 0.35), (0.5, 0.1), (0.3, 0)],
            [(0.3, 0.46), (0.02, 0.6), (0.02, 0.88), (0.3, 1), (0.58, 0.88), (0.58, 0.6), (0.3, 0.46)],
        ],
        [[(0.5, 0.12), (0.25, 0), (0.05, 0.2), (0.5, 0.7), (0.3, 1), (0.03, 0.8), (0.4, 0.4), (0.5, 0.12)]],
        [[(0.65, 0.02), (0.3, 0.02), (0.1, 0.2), (0.5, 0.7), (0.3, 1), (0.03, 0.8), (0.35, 0.45), (0.55, 0.1)]],
        [[(0.5, 0.1), (0.25, 0), (0.08, 0.2), (0.3, 0.42), (0.5, 0.7), (0.25, 1), (0, 0.85), (0.2, 0.6), (0.5, 0.3)]],
        [[(0.6, 0.1), (0.3, 0), (0.1, 0.2), (0.3, 0.45), (0.5, 0.75), (0.25, 1), (0.05, 0.8), (0.3, 0.45), (0.7, 0)]],
    ],
    9: [
        [_LOOP, [(0.5, 0.05), (0.5, 1)]],
        [_LOOP, [(0.5, 0.05), (0.52, 0.6), (0.4, 0.95), (0.1, 1), (-0.05, 0.85)]],
        [_LOOP, [(0.5, 0.05), (0.5, 0.5), (0.3, 1)]],
        [_LOOP, [(0.5, 0.05), (0.52, 0.75), (0.3, 1), (0, 0.9)]],
    ],
}  # fmt: skip


def vary(digit: PenDigit, random: np.random.Generator) -> Strokes:
    """The digit as someone else might have written it: float32 (n, 2) points in a box of about 1."""
    rebuilt = random.random() < REBUILT
    strokes = _another_way(digit.label, random) if rebuilt else _unit(digit.strokes)
    if not rebuilt and digit.label == 0 and random.random() < 0.12:
        strokes = [*strokes, _slash(random)]
    strokes = [_evenly(stroke) for stroke in strokes]
    strokes = _bent(strokes, random)
    strokes = [stroke @ _slanted(random) for stroke in strokes]
    return [_shaken(stroke, random) for stroke in strokes] if random.random() < 0.35 else strokes


def by_hand(strokes: Strokes, random: Random) -> Strokes:
    """The strokes of a letter or sign as a hand might have written them; float32 (n, 2) points in a box of about 1."""
    even = _bent([_evenly(stroke) for stroke in _unit(strokes)], random)
    slant = _slanted(random)
    written = [stroke @ slant for stroke in even]
    return [_shaken(stroke, random) for stroke in written] if random.random() < 0.35 else written


def turned(strokes: Strokes, degrees: float) -> Strokes:
    """The strokes turned clockwise about the origin."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [(stroke @ turn).astype(np.float32) for stroke in strokes]


def _unit(strokes: Strokes) -> list[Path2D]:
    points = np.concatenate(list(strokes))
    low, high = points.min(axis=0), points.max(axis=0)
    return [
        ((stroke - (low + high) / 2) / max(float((high - low).max()), 1e-6)).astype(np.float32) for stroke in strokes
    ]


def _another_way(label: int, random: np.random.Generator) -> list[Path2D]:
    ways = _WAYS[label]
    moved: dict[tuple[float, float], Floats] = {}
    strokes = []
    for points in ways[random.integers(len(ways))]:
        for point in points:
            # points that coincide stay together, except where a writer does not close the loop
            moved.setdefault(point, (np.array(point) + random.normal(0, 0.045, 2)).astype(np.float32))
        controls = np.array([moved[point] for point in points]) + random.normal(0, 0.012, (len(points), 2))
        strokes.append(smooth(controls))
    return _unit(strokes)


def _slash(random: np.random.Generator) -> Path2D:
    reach = random.uniform(0.25, 0.62)
    ends = np.array([(0.75 * reach, -reach), (-0.75 * reach, reach)]) + random.normal(0, 0.03, (2, 2))
    return ends.astype(np.float32)


def _evenly(stroke: Path2D) -> Path2D:
    """Resample the stroke at equal distances."""
    lengths = np.concatenate([[0], np.hypot(*np.diff(stroke, axis=0).T).cumsum()])
    at = np.linspace(0, lengths[-1], max(2, round(lengths[-1] / _STEP)))
    return np.stack([np.interp(at, lengths, stroke[:, axis]) for axis in (0, 1)], axis=1).astype(np.float32)


def _bent(strokes: Strokes, random: np.random.Generator) -> list[Path2D]:
    """Displace the strokes by a few long waves."""
    waves = random.normal(0, 4, (4, 2))
    phases, amounts = random.uniform(0, 2 * np.pi, 4), random.normal(0, 0.02, (4, 2))
    return [(stroke + np.sin(stroke @ waves.T + phases) @ amounts).astype(np.float32) for stroke in strokes]


def _slanted(random: np.random.Generator) -> Path2D:
    angle = np.deg2rad(random.normal(0, 7))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    width, shear = np.exp(random.normal(0, 0.18)), random.normal(0, 0.15)
    slanted: Path2D = (np.array([[width, 0], [shear, 1]]) @ turn).astype(np.float32)
    return slanted


def _shaken(stroke: Path2D, random: np.random.Generator) -> Path2D:
    """Add tremor, and drop points as a mouse with a low sampling rate does."""
    few = stroke[:: random.integers(1, 7)]
    few = few if len(few) > 1 else stroke
    tremor = random.normal(0, random.uniform(0.003, 0.018), few.shape)
    return np.concatenate([few + tremor, stroke[-1:]]).astype(np.float32)
