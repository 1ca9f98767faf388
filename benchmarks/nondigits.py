"""Drawings of other things than digits, to evaluate the check for digits: kinds that it was trained on, and others."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.array_types import Bytes
from research.handwriting.letter_shapes import NEAR, Points
from research.handwriting.letters import (
    CYRILLIC,
    FONTS,
    LETTERS_OF_FONTS,
    SIGNS_OF_FONTS,
    SYMBOLS,
    Script,
    letter,
    of_other_scripts,
)
from research.handwriting.nondigits import DIGITS, KINDS, Kind, Random, draw, one_of, written
from research.handwriting.strokes import Path2D, Strokes

_SEED = 12

# points in a box of height 1, with y downward, joined by a smooth curve, or by a line if there are two. B, I, O, S, Z,
# b, g, i, l, o, q, s and z look like digits; the check for digits learned from these letters in other shapes
_LETTERS: Mapping[str, Sequence[Points]] = {
    "G": [
        [(0.65, 0.15), (0.35, 0), (0.05, 0.25), (0, 0.6), (0.2, 0.95), (0.5, 0.98), (0.68, 0.8)],
        [(0.68, 0.95), (0.68, 0.55)], [(0.4, 0.55), (0.75, 0.55)],
    ],
    "R": [[(0, 0), (0, 1)], [(0, 0), (0.45, 0.05), (0.55, 0.25), (0.4, 0.48), (0, 0.5)], [(0.2, 0.5), (0.6, 1)]],
    "U": [[(0, 0), (0, 0.6), (0.1, 0.9), (0.32, 1), (0.55, 0.9), (0.65, 0.6), (0.65, 0)]],
    "X": [[(0, 0), (0.65, 1)], [(0.65, 0), (0, 1)]],
    "d": [[(0.5, 0.5), (0.25, 0.4), (0, 0.7), (0.2, 1), (0.5, 0.8)], [(0.5, 0), (0.5, 0.8), (0.6, 1)]],
    "u": [[(0, 0), (0, 0.6), (0.15, 0.98), (0.4, 0.95), (0.6, 0.6)], [(0.62, 0), (0.62, 0.75), (0.75, 1)]],
    "y": [[(0, 0), (0.3, 0.55)], [(0.6, 0), (0.3, 0.6), (0.05, 1)]],
}  # fmt: skip


def _petal(turn: int) -> Points:
    angle = 0.4 * np.pi * turn
    ways = ((0, 0.12), (-0.14, 0.3), (0, 0.42), (0.14, 0.3), (0, 0.12))
    return [(x * np.cos(angle) + y * np.sin(angle), x * np.sin(angle) - y * np.cos(angle)) for x, y in ways]


_SIGNS: dict[str, list[list[Points]]] = {
    "check mark": [[[(0, 0.5), (0.3, 0.9)], [(0.3, 0.9), (0.9, 0)]], [[(0, 0.6), (0.22, 1)], [(0.22, 1), (0.6, 0)]]],
    "cross": [[[(0, 0), (0.9, 1)], [(0.9, 0), (0, 1)]], [[(0.45, 0), (0.45, 1)], [(0, 0.5), (0.9, 0.5)]]],
    "asterisk": [[[(0.5, 0), (0.5, 1)], [(0, 0.25), (1, 0.75)], [(0, 0.75), (1, 0.25)]]],
    "hash": [[[(0.3, 0), (0.2, 1)], [(0.7, 0), (0.6, 1)], [(0, 0.3), (0.9, 0.3)], [(0, 0.7), (0.9, 0.7)]]],
    "lightning": [[[(0.5, 0), (0.1, 0.55)], [(0.1, 0.55), (0.5, 0.5)], [(0.5, 0.5), (0.1, 1)]]],
    "per cent": [
        [
            [(0.2, 0), (0.05, 0.15), (0.2, 0.32), (0.35, 0.15), (0.2, 0)],
            [(0.85, 0), (0.1, 1)],
            [(0.75, 0.68), (0.6, 0.84), (0.75, 1), (0.9, 0.84), (0.75, 0.68)],
        ]
    ],
    "tree": [
        [
            [(0.4, 0), (0, 0.7)],
            [(0.4, 0), (0.8, 0.7)],
            [(0, 0.7), (0.8, 0.7)],
            [(0.4, 0.7), (0.4, 1)],
        ]
    ],
    "moon": [
        [[(0.6, 0), (0.2, 0.12), (0, 0.5), (0.2, 0.88), (0.6, 1)],
         [(0.6, 0), (0.36, 0.25), (0.3, 0.5), (0.36, 0.75), (0.6, 1)]],
    ],
    "fish": [
        [[(1.2, 0), (0.7, 0.45), (0.35, 0.55), (0, 0.3), (0.35, 0.03), (0.7, 0.15), (1.2, 0.6)],
         [(1.2, 0.6), (1.2, 0)]],
    ],
    "cup": [
        [[(0, 0), (0.08, 1)], [(0.08, 1), (0.62, 1)], [(0.62, 1), (0.7, 0)], [(0, 0), (0.7, 0)],
         [(0.68, 0.2), (0.95, 0.25), (0.95, 0.6), (0.65, 0.7)]],
    ],
    "umbrella": [
        [[(0, 0.45), (0.15, 0.12), (0.5, 0), (0.85, 0.12), (1, 0.45)], [(0, 0.45), (1, 0.45)],
         [(0.5, 0.45), (0.5, 0.8), (0.4, 1), (0.25, 0.9)]],
    ],
    "envelope": [
        [[(0, 0), (1.3, 0)], [(1.3, 0), (1.3, 0.85)], [(1.3, 0.85), (0, 0.85)], [(0, 0.85), (0, 0)],
         [(0, 0), (0.65, 0.5)], [(0.65, 0.5), (1.3, 0)]],
    ],
    "flower": [
        [_petal(turn) for turn in range(5)] + [[(0, 0.15), (0.04, 0.6), (0, 1)]],
    ],
    "star": [
        [[(0.5, 0), (0.8, 1)], [(0.8, 1), (0, 0.38)], [(0, 0.38), (1, 0.38)], [(1, 0.38), (0.2, 1)],
         [(0.2, 1), (0.5, 0)]],
    ],
    "heart": [
        [[(0.5, 0.25), (0.3, 0), (0, 0.2), (0.15, 0.6), (0.5, 1)],
         [(0.5, 0.25), (0.7, 0), (1, 0.2), (0.85, 0.6), (0.5, 1)]],
    ],
}  # fmt: skip


def _zigzag(random: Random) -> Strokes:
    count = int(random.integers(8, 20))
    x = np.linspace(0, random.uniform(0.6, 1.6), count)
    y = np.where(np.arange(count) % 2, 1.0, 0.0)
    return [(np.stack([x, y], axis=1) + random.normal(0, 0.06, (count, 2))).astype(np.float32)]


def _several(count: int) -> Kind:
    def digits(random: Random) -> Strokes:
        strokes: list[Path2D] = []
        reached = 0.0
        for _ in range(count):
            digit = written(DIGITS[int(random.integers(10))], random)
            points = np.concatenate(list(digit))
            shift = np.array([reached - points[:, 0].min(), random.normal(0, 0.05)], np.float32)
            strokes += [stroke + shift for stroke in digit]
            reached += float(np.ptp(points[:, 0])) + random.uniform(0.12, 0.4)
        return strokes

    return digits


def _filled_circle(random: Random) -> Strokes:
    angle = np.arange(0, 2 * np.pi * 25, 0.2)
    radius, flat = 0.02 * angle / (2 * np.pi), random.uniform(0.75, 1.3)
    return [np.stack([radius * np.cos(angle) * flat, radius * np.sin(angle)], axis=1).astype(np.float32)]


def _filled_triangle(random: Random) -> Strokes:
    y = np.repeat(np.arange(0, 1.001, 0.02), 2)
    side = np.resize([-1, 1, 1, -1], len(y)) * random.uniform(0.4, 0.7)
    points = np.stack([side * y, y if random.random() < 0.5 else 1 - y], axis=1)
    return [(points + random.normal(0, 0.006, points.shape)).astype(np.float32)]


def _ring(radius: float, x: float, y: float) -> Path2D:
    angle = np.linspace(0, 2 * np.pi, 30)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1).astype(np.float32)


def _smiley(random: Random) -> Strokes:
    mouth = np.linspace(0.2, 0.8, 12) * np.pi
    curve = np.stack([0.28 * np.cos(mouth), 0.28 * np.sin(mouth)], axis=1)
    eyes = [np.array([(x, -0.15), (x, -0.12)]) for x in (-0.17, 0.17)]
    parts = [_ring(0.5, 0, 0), *eyes, curve * [1, random.uniform(0.6, 1.1)]]
    return [(part + random.normal(0, 0.012, part.shape)).astype(np.float32) for part in parts]


def _spiral(random: Random) -> Strokes:
    turns = random.uniform(2.2, 4.5)
    angle = np.linspace(0, 2 * np.pi * turns, int(30 * turns))
    start, way = random.uniform(0, 2 * np.pi), random.choice([-1, 1])
    points = angle[:, None] * np.stack([np.cos(start + way * angle), np.sin(start + way * angle)], axis=1)
    return [points.astype(np.float32)]


def _of(script: Script) -> Kind:
    return lambda random: of_other_scripts(random, (script,))


JUDGED: Mapping[str, Kind] = {
    "Cyrillic": _of(CYRILLIC),
    **{script[0]: _of(script) for script in SYMBOLS},
    "zigzag": _zigzag,
    "two digits": _several(2),
    "three digits": _several(3),
    "filled circle": _filled_circle,
    "filled triangle": _filled_triangle,
    "smiley": _smiley,
    "spiral": _spiral,
    **{name: one_of(_SIGNS[name]) for name in ("check mark", "moon", "fish", "cup", "umbrella", "envelope", "flower")},
}
"""Kinds that the judge was not trained on."""

_LEARNED: Mapping[str, Kind] = {
    **{name: kind for name, (_, kind) in KINDS.items()},
    # characters that it was trained on, in fonts and shapes that it was not
    "letters of fonts": lambda random: letter(LETTERS_OF_FONTS, FONTS, random),
    "signs of fonts": lambda random: letter(SIGNS_OF_FONTS, FONTS, random),
    "near a digit, of fonts": lambda random: letter(NEAR, FONTS, random),
    "capital letters": one_of([_LETTERS[name] for name in "GRUX"]),
    "small letters": one_of([_LETTERS[name] for name in "duy"]),
    **{
        name: one_of(_SIGNS[name])
        for name in ("cross", "asterisk", "hash", "per cent", "heart", "tree", "star", "lightning")
    },
}
ALL = {**JUDGED, **_LEARNED}

GROUPS: Mapping[str, Sequence[str]] = {
    "letters, unknown kinds": ("Cyrillic",),
    "letters, known kinds": ("letters", "letters of fonts", "capital letters", "small letters", "other scripts"),
    "letters and signs near a digit, known kinds": ("near a digit", "near a digit, of fonts"),
    "signs, unknown kinds": (
        "check mark", "smiley", "moon", "fish", "cup", "umbrella", "envelope", "flower",
        "astrology", "mathlow", "music",
    ),
    "signs, known kinds": (
        "signs", "signs of fonts", "cross", "asterisk", "hash", "per cent", "arrow", "house", "invented",
        "outline", "heart", "tree", "star", "lightning",
    ),
    "assembled signs, known kinds": ("assembled",),
    "scribbles, unknown kinds": ("zigzag", "spiral"),
    "scribbles, known kinds": ("scribble", "curves", "lines", "wavy lines", "dots"),
    "two digits, unknown kinds": ("two digits", "three digits"),
    "two digits, known kinds": ("overlapping",),
    "shapes, unknown kinds": ("filled circle", "filled triangle"),
    "shapes, known kinds": ("triangle", "closed curve", "ring with something"),
}  # fmt: skip
"""Kinds of drawings by what they are, and whether the judge was trained on such."""


def drawings(kind: str, count: int) -> list[Bytes]:
    """Canvases uint8 (280, 280, 4) of a kind, each of random size, place and pen width, but the same at every call."""
    found = []
    for number in range(count):
        random = np.random.default_rng((_SEED, list(ALL).index(kind), number))
        found.append(draw(ALL[kind](random), random))
    return found
