"""Non-digits drawn by code for training: letters, signs, loose lines, transformed digits."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core.array_types import Bytes, Doubles, Floats
from core.drawing.to_mnist import to_mnist
from research.handwriting.assembled import assembled
from research.handwriting.dataset import PENS, SIZES
from research.handwriting.hands import by_hand, turned
from research.handwriting.letter_shapes import LETTERS, NEAR, SIGNS, Points, Way
from research.handwriting.letters import LEARNED_FONTS, LETTERS_OF_FONTS, SIGNS_OF_FONTS, letter, of_other_scripts
from research.handwriting.outlines import outline
from research.handwriting.strokes import CANVAS, Path2D, Strokes, render, smooth

Random = np.random.Generator
Kind = Callable[[Random], Strokes]

SMALL_CANVAS = 112
"""Side of a canvas that takes a third of the time and gives the same 28×28 image."""

THIN = (3.0, 6.0)
"""Pens thinner than those of the digits that the network was trained on."""

TILT = 28.0
"""Largest angle of a tilted drawing, in degrees."""

TILTED = 0.45
"""Share of tilted drawings."""

_SEED = 11
_BY_HAND = 0.5
_NO_BAR = (0, 2, 3, 4, 5, 6, 7, 8, 9)
_APART = (0.4, 0.7)
"""Distance between the middles of overlapping digits, relative to their height."""

_THICKEST = 0.3
_THICKEST_OF_DETAILS = 0.12
"""Maximum pen width relative to the size; a thicker pen would turn details into a blot, which is easy to recognize."""

OVAL = [(0.4, 0), (0.1, 0.2), (0.05, 0.6), (0.35, 1), (0.65, 0.7), (0.65, 0.25), (0.4, 0)]

# control points in a box of height 1, with y downward, joined by a smooth curve, or by a line if there are two
DIGITS: Sequence[Sequence[Points]] = [
    [OVAL],
    [[(0, 0.2), (0.2, 0)], [(0.2, 0), (0.2, 1)]],
    [[(0, 0.2), (0.3, 0), (0.6, 0.25), (0.3, 0.65), (0, 1)], [(0, 1), (0.65, 1)]],
    [[(0, 0.1), (0.35, 0), (0.5, 0.25), (0.2, 0.45)], [(0.2, 0.45), (0.6, 0.65), (0.4, 1), (0, 0.9)]],
    [[(0.1, 0), (0, 0.6)], [(0, 0.6), (0.7, 0.6)], [(0.5, 0.2), (0.5, 1)]],
    [[(0.6, 0), (0.1, 0)], [(0.1, 0), (0.05, 0.4)], [(0.05, 0.4), (0.5, 0.4), (0.55, 0.8), (0.3, 1), (0, 0.9)]],
    [[(0.5, 0), (0.15, 0.3), (0, 0.7), (0.2, 1), (0.5, 0.9), (0.5, 0.62), (0.2, 0.55), (0.03, 0.75)]],
    [[(0, 0), (0.6, 0)], [(0.6, 0), (0.2, 1)]],
    [
        [(0.3, 0), (0.08, 0.1), (0.08, 0.35), (0.3, 0.46), (0.5, 0.35), (0.5, 0.1), (0.3, 0)],
        [(0.3, 0.46), (0.02, 0.6), (0.02, 0.88), (0.3, 1), (0.58, 0.88), (0.58, 0.6), (0.3, 0.46)],
    ],
    [[(0.5, 0.05), (0.15, 0), (-0.05, 0.3), (0.2, 0.5), (0.45, 0.38), (0.5, 0.05)], [(0.5, 0.05), (0.45, 1)]],
]  # fmt: skip
_ROUND = [(0.3, 0), (0.06, 0.18), (0, 0.5), (0.06, 0.82), (0.3, 1), (0.54, 0.82), (0.6, 0.5), (0.54, 0.18), (0.3, 0)]
PLAIN_DIGITS: Sequence[Sequence[Points]] = [*DIGITS, [_ROUND], [_ROUND[1:]], [[(0.1, 0), (0, 1)]], [[(0, 0), (0, 1)]]]
"""Every digit, including the barest forms of 0 and 1: a ring and a bar."""

_ARROWS: Sequence[Sequence[Points]] = [
        [[(0, 0.4), (1, 0.4)], [(0.7, 0.1), (1, 0.4)], [(0.7, 0.7), (1, 0.4)]],
        [[(0.3, 1), (0.3, 0)], [(0, 0.3), (0.3, 0)], [(0.6, 0.3), (0.3, 0)]],
        [[(1, 0.4), (0, 0.4)], [(0.3, 0.1), (0, 0.4)], [(0.3, 0.7), (0, 0.4)]],
]  # fmt: skip
_HOUSE: Sequence[Points] = [[(0, 0.4), (0, 1)], [(0, 1), (0.9, 1)], [(0.9, 1), (0.9, 0.4)], [(0, 0.4), (0.45, 0)],
               [(0.45, 0), (0.9, 0.4)], [(0, 0.4), (0.9, 0.4)]]  # fmt: skip


def written(template: Sequence[Points], random: Random) -> Strokes:
    """A template with the variation of handwriting: unsteady, slanted, wider or narrower."""
    turn, shear, width = np.deg2rad(random.normal(0, 6)), random.normal(0, 0.12), np.exp(random.normal(0, 0.15))
    slant = np.array([[width, 0], [shear, 1]]) @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    moved: dict[tuple[float, float], Doubles] = {}
    strokes = []
    for points in template:
        for point in points:
            # points that coincide stay together
            moved.setdefault(point, np.array(point) + random.normal(0, 0.03, 2))
        strokes.append(smooth(np.array([moved[point] for point in points])) @ slant)
    return [stroke.astype(np.float32) for stroke in strokes]


def one_of(templates: Sequence[Sequence[Points]]) -> Kind:
    return lambda random: written(templates[int(random.integers(len(templates)))], random)


def _shaped(shapes: Sequence[Sequence[Way]]) -> Kind:
    """One of these characters in one of its ways, half of them with the waves and the tremor of a hand."""

    def shape(random: Random) -> Strokes:
        ways = shapes[int(random.integers(len(shapes)))]
        return _by_some_hand(written(ways[int(random.integers(len(ways)))], random), random)

    return shape


def _by_some_hand(strokes: Strokes, random: Random) -> Strokes:
    return by_hand(strokes, random) if random.random() < _BY_HAND else strokes


def _scribble(random: Random) -> Strokes:
    steps = random.normal(0, 1, (random.integers(12, 40), 2))
    # pulled back toward the middle, as an arm does
    points = [steps[0]]
    for step in steps[1:]:
        points.append(0.6 * points[-1] + step)
    return [smooth(np.array(points))]


def _dots(random: Random) -> Strokes:
    places = random.uniform(0, 1, (random.integers(3, 10), 2))
    return [place[None].astype(np.float32) for place in places]


def _wavy(random: Random) -> Strokes:
    waves, x = random.uniform(1.8, 4), np.linspace(0, 1, 60)
    line = np.stack([x, random.uniform(0.08, 0.15) * np.sin(2 * np.pi * waves * x + random.uniform(0, 6))], axis=1)
    return [(line + np.array((0, 0.3 * number))).astype(np.float32) for number in range(random.integers(1, 4))]


def _curves(random: Random) -> Strokes:
    strokes = []
    # a single curve would often be a digit
    for _ in range(random.integers(2, 6)):
        points = random.uniform(0, 1, (random.integers(2, 7), 2)) * [random.uniform(0.4, 1), 1]
        if random.random() < 0.5:
            points = points[:1] + np.cumsum(random.normal(0, 0.25, points.shape), axis=0)
        strokes.append(smooth(points) if random.random() < 0.6 else points.astype(np.float32))
    return strokes


def _lines(random: Random) -> Strokes:
    """Straight lines, vertical, horizontal or diagonal."""
    strokes = []
    # two would often be a 1, 4 or 7
    for _ in range(random.integers(3, 6)):
        start, angle = random.uniform(0, 1, 2), random.integers(4) * np.pi / 4 + random.normal(0, 0.1)
        end = start + random.uniform(0.3, 1) * np.array([np.cos(angle), np.sin(angle)])
        strokes.append(np.array([start, end], np.float32))
    return strokes


def _invented(random: Random) -> Strokes:
    """A sign of a made-up script: four to six lines and arcs, each between two other points of a coarse grid."""
    grid = np.stack(np.meshgrid(np.linspace(0, random.uniform(0.5, 1), 3), np.linspace(0, 1, 4)), axis=2).reshape(-1, 2)
    grid = grid + random.normal(0, 0.05, grid.shape)
    met = [int(random.integers(len(grid)))]
    strokes: list[Path2D] = []
    joined: set[frozenset[int]] = set()
    for _ in range(random.integers(4, 7)):
        # most start on a point used before
        start = met[int(random.integers(len(met)))] if random.random() < 0.85 else int(random.integers(len(grid)))
        # twice the same line would leave a bar
        end = int(random.choice([n for n in range(len(grid)) if n != start and frozenset((start, n)) not in joined]))
        joined.add(frozenset((start, end)))
        between = (grid[start] + grid[end]) / 2
        if random.random() < 0.4:
            across = (grid[end] - grid[start]) @ np.array([(0, 1), (-1, 0)])
            between = between + across * random.uniform(0.25, 0.6) * random.choice([-1, 1])
        strokes.append(smooth(np.array([grid[start], between, grid[end]])))
        met.append(end)
    return strokes


def _moved(labels: Sequence[int], *ways: Sequence[Sequence[int]]) -> Kind:
    """Digits mirrored or rotated such that they do not become other digits."""

    def digit(random: Random) -> Strokes:
        way = np.array(ways[int(random.integers(len(ways)))], np.float32)
        return [stroke @ way for stroke in written(DIGITS[int(random.choice(labels))], random)]

    return digit


def _overlapping(random: Random) -> Strokes:
    """Two digits beside each other, so far apart that they do not read as one; a 1 would be a part of the other."""
    first, second = (written(DIGITS[int(random.choice(_NO_BAR))], random) for _ in range(2))
    angle, size = random.normal(0, 0.4), random.uniform(0.75, 1.2)
    shift = random.uniform(*_APART) * np.array([np.cos(angle), np.sin(angle)])
    middles = [np.concatenate(list(digit)).mean(axis=0) for digit in (first, second)]
    moved = [(size * (stroke - middles[1]) + middles[0] + shift).astype(np.float32) for stroke in second]
    return _by_some_hand([*first, *moved], random)


def _lobed(random: Random, roundness: float = 0.0) -> Path2D:
    """A closed curve with bays, deep and numerous enough not to be a 0."""
    angle = np.linspace(0, 2 * np.pi, 60)
    depths = random.uniform((0.25, 0.05), (0.4, 0.2)) * (1 - roundness)
    # two bays would make a 0 or an 8
    bays = random.choice((3, 4, 5, 6), 2, replace=False)
    waves = sum(depth * np.sin(bay * angle + random.uniform(0, 6)) for depth, bay in zip(depths, bays, strict=True))
    radius = 0.5 * (1 + waves)
    return np.stack([radius * np.cos(angle) * random.uniform(0.75, 1.1), radius * np.sin(angle)], axis=1).astype(
        np.float32
    )


def _ring_with_something(random: Random) -> Strokes:
    ring, inside = _lobed(random, roundness=0.9), _KINDS_INSIDE[int(random.integers(len(_KINDS_INSIDE)))](random)
    points = np.concatenate(list(inside))
    scale = random.uniform(0.35, 0.6) / max(float(np.ptp(points, axis=0).max()), 1e-6)
    return [ring, *(((stroke - points.mean(axis=0)) * scale).astype(np.float32) for stroke in inside)]


def _triangle(random: Random) -> Strokes:
    angle = np.array([0, 1, 2, 0]) * 2 * np.pi / 3 + random.normal(0, 0.25) + random.integers(2) * np.pi
    points = np.stack([np.sin(angle), -np.cos(angle)], axis=1)
    points[:3] += random.normal(0, 0.12, (3, 2))
    points[3] = points[0]
    return [points.astype(np.float32)]


def draw(strokes: Strokes, random: Random, side: int = CANVAS, thinnest: float = PENS[0]) -> Bytes:
    """The strokes on a canvas, uint8 (side, side, 4), at a random size and place with a random pen."""
    size = random.uniform(*SIZES)
    length = sum(float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in strokes)
    points = np.concatenate(list(strokes))
    thickest = _THICKEST if length < 4 * float(np.ptp(points, axis=0).max()) else _THICKEST_OF_DETAILS
    pen_width = random.uniform(thinnest, max(thinnest, min(PENS[1], thickest * size)))
    x, y = random.uniform(size / 2, CANVAS - size / 2, 2)
    scale = side / CANVAS
    return render(strokes, size * scale, (x * scale, y * scale), pen_width * scale, side=side)


_KINDS_INSIDE: Sequence[Kind] = (lambda random: [_lobed(random, roundness=0.9)], _dots, _lines, _scribble, _wavy)
_MIRRORED, _LEFT, _RIGHT, _UPSIDE_DOWN = ((-1, 0), (0, 1)), ((0, -1), (1, 0)), ((0, 1), (-1, 0)), ((-1, 0), (0, -1))

_SHAPES = {**LETTERS, **SIGNS}

KINDS: Mapping[str, tuple[int, Kind]] = {
    "letters": (12, _shaped(list(LETTERS.values()))),
    "letters of fonts": (12, lambda random: letter(LETTERS_OF_FONTS, LEARNED_FONTS, random)),
    "signs": (7, _shaped(list(SIGNS.values()))),
    "signs of fonts": (7, lambda random: letter(SIGNS_OF_FONTS, LEARNED_FONTS, random)),
    "near a digit": (10, _shaped([ways for name, ways in _SHAPES.items() if name in NEAR])),
    "near a digit, of fonts": (6, lambda random: letter(NEAR, LEARNED_FONTS, random)),
    "other scripts": (6, of_other_scripts),
    "assembled": (10, assembled),
    "outline": (4, outline),
    "invented": (5, _invented),
    "curves": (6, _curves),
    "lines": (6, _lines),
    "mirrored": (2, _moved((3, 4, 6, 7, 9), _MIRRORED)),
    "turned": (2, _moved((2, 3, 4, 5, 6, 7, 8), _LEFT, _RIGHT)),
    "upside down": (1, _moved((3, 4, 7), _UPSIDE_DOWN)),
    "overlapping": (8, _overlapping),
    "scribble": (2, _scribble),
    "dots": (1, _dots),
    "arrow": (1, one_of(_ARROWS)),
    "wavy lines": (1, _wavy),
    "house": (1, one_of([_HOUSE])),
    "closed curve": (3, lambda random: [_lobed(random)]),
    "ring with something": (2, _ring_with_something),
    "triangle": (1, _triangle),
}
"""The relative frequency of each kind, and how it is drawn."""


def nondigits(count: int, purpose: int = 0) -> Floats:
    """Non-digits in MNIST's format, float32 (count, 28, 28) in 0..1, the same at every call."""
    return _drawn([kind for often, kind in KINDS.values() for _ in range(often)], count, purpose)


def plain_digits(count: int) -> Floats:
    """Digits drawn as smoothly as the non-digits, so that only their shape differs; arrays as in `nondigits`."""
    return _drawn([one_of([template]) for template in PLAIN_DIGITS], count)


def _drawn(ways: Sequence[Kind], count: int, purpose: int = 0) -> Floats:
    images = []
    for number in range(count):
        random = np.random.default_rng((_SEED, purpose, number))
        strokes = ways[number % len(ways)](random)
        # as thin and as tilted as the digits, so that neither tells them apart
        if random.random() < TILTED:
            strokes = turned(strokes, float(random.uniform(-TILT, TILT)))
        images.append(to_mnist(draw(strokes, random, SMALL_CANVAS, THIN[0] if random.random() < 0.5 else PENS[0])))
    return np.array(images, np.float32).reshape(-1, 28, 28)
