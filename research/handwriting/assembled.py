"""Signs that nobody writes, assembled from the parts that letters are made of: stems, bowls, arches, bars and hooks."""

from collections.abc import Callable, Sequence

import numpy as np

from research.handwriting.hands import Random, by_hand
from research.handwriting.strokes import Path2D, Strokes, smooth

_OFTEN = 0.75
"""Share of parts that begin where another part begins, ends or turns."""

_Part = Callable[[Random], Path2D]


def assembled(random: Random) -> Strokes:
    """Four or five parts, of which three would often be a digit, as written by a hand; float32 (n, 2)."""
    strokes: list[Path2D] = []
    for _ in range(int(random.integers(4, 6))):
        part = _PARTS[int(random.integers(len(_PARTS)))](random)
        if strokes and random.random() < _OFTEN:
            part = part + _joint(strokes, random) - _end(part, random)
        strokes.append(part.astype(np.float32))
    return by_hand(strokes, random)


def _joint(strokes: Sequence[Path2D], random: Random) -> Path2D:
    """An end, the middle or a third of one of these strokes."""
    stroke = strokes[int(random.integers(len(strokes)))]
    joint: Path2D = stroke[round(float(random.choice((0, 0, 1 / 3, 1 / 2, 2 / 3, 1, 1))) * (len(stroke) - 1))]
    return joint


def _end(part: Path2D, random: Random) -> Path2D:
    end: Path2D = part[int(random.choice((0, -1)))] if random.random() < 0.8 else part[len(part) // 2]
    return end


def _line(random: Random) -> Path2D:
    """Upright, level or diagonal, of any length."""
    angle = random.choice((0.5, 0.5, 0, 0.25, 0.75, 0.35, 0.65)) * np.pi + random.normal(0, 0.06)
    reach = random.choice((0.5, 0.7, 1.0)) * np.exp(random.normal(0, 0.1))
    along = np.linspace(0, reach, 12)[:, None]
    line: Path2D = (along * (np.cos(angle), np.sin(angle))).astype(np.float32)
    return line


def _arc(random: Random) -> Path2D:
    """Of an ellipse: bowls, arches, cups and rings."""
    start, span = random.uniform(0, 2 * np.pi), random.choice((0.9, 1.0, 1.3, 1.6, 2.0)) * np.pi
    if random.random() < 0.6:
        start = random.integers(4) * np.pi / 2
    angle = start + random.choice((-1, 1)) * np.linspace(0, span, 30)
    radii = random.choice((0.2, 0.3, 0.5)) * np.exp(random.normal(0, 0.2, 2))
    arc: Path2D = (np.stack([np.cos(angle), np.sin(angle)], axis=1) * radii).astype(np.float32)
    return arc


def _hook(random: Random) -> Path2D:
    """A line that bends at one end."""
    reach, bend = random.uniform(0.4, 1), random.uniform(0.12, 0.35)
    points = np.array([(0, 0), (0, 0.6 * reach), (0.3 * bend, 0.92 * reach), (bend, reach), (1.5 * bend, 0.9 * reach)])
    return smooth(_any_way(points, random))


def _corner(random: Random) -> Path2D:
    """Two or three lines without lifting the pen, which turn to alternate sides or the same."""
    heading, turn = random.integers(8) * np.pi / 4, random.choice((-1, 1))
    points = [np.zeros(2)]
    for _ in range(int(random.integers(2, 4))):
        points.append(points[-1] + random.uniform(0.25, 0.8) * np.array((np.cos(heading), np.sin(heading))))
        heading += turn * random.uniform(0.35, 0.8) * np.pi
        turn *= random.choice((-1, 1))
    return np.array(points, np.float32)


def _wave(random: Random) -> Path2D:
    along = np.linspace(0, 1, 30)
    across = random.uniform(0.08, 0.25) * np.sin(2 * np.pi * random.uniform(0.7, 1.5) * along + random.uniform(0, 6))
    return (_any_way(np.stack([across, along], axis=1), random) * random.uniform(0.4, 1)).astype(np.float32)


def _any_way(points: np.ndarray, random: Random) -> np.ndarray:
    """Mirrored or not, upright or lying."""
    points = points * random.choice((-1, 1), 2)
    return points[:, ::-1] if random.random() < 0.3 else points


_PARTS: Sequence[_Part] = (_line, _line, _line, _arc, _arc, _arc, _hook, _corner, _wave)
