"""Remove printed lines and boxes from ink, by their straightness."""

from collections.abc import Sequence
from itertools import chain

import cv2
import numpy as np

from core.array_types import Floats, Mask
from core.drawing.printed_lines import GROWN, THICKEST, Line, boxes, combs, lines_in, rules, teeth_in

SEARCHED = 800
"""Longer side, in pixels, of the copy in which lines are searched."""

STEEPEST = 12.0
"""Degrees by which a page may be turned."""

_INK = 0.25
_HELD = 0.25
"""Minimum height of a digit in a box, relative to the box."""

_Frame = tuple[list[Line], list[Line]]
"""Level and upright lines."""


def without_lines(ink: Floats) -> Floats | None:
    """The ink, float32 (h, w) in 0..1, without printed lines, and turned so that they were level; None without any.

    Lines that cross the picture, closed boxes with something inside, and combs are printed; a stroke that crosses a
    line stays whole.
    """
    scale = min(1.0, SEARCHED / max(ink.shape))
    turn = _turn(_reduced(ink, scale) > _INK)
    if turn is None:
        return None
    turned = _turned(ink, turn)
    mask = _reduced(turned, scale) > _INK
    printed = _printed(mask)
    if printed is None:
        return None
    large = cv2.resize(printed.astype(np.uint8), turned.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.where(large == 1, np.float32(0), turned)


def _reduced(ink: Floats, scale: float) -> Floats:
    height, width = (max(8, round(side * scale)) for side in ink.shape)
    return np.asarray(cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def _turn(mask: Mask) -> float | None:
    """The angle of the long thin lines in degrees, -45 to 45, clockwise; None if there are none."""
    thin = mask & ~_opened(mask, THICKEST + 2, THICKEST + 2)
    shortest = 0.2 * min(mask.shape)
    found = cv2.HoughLinesP(
        thin.astype(np.uint8), 1, np.pi / 720, round(0.6 * shortest), minLineLength=shortest, maxLineGap=8
    )
    if found is None:
        return None
    x, y, to_x, to_y = found.reshape(-1, 4).T.astype(np.float64)
    lengths, angles = np.hypot(to_x - x, to_y - y), np.rad2deg(np.arctan2(to_y - y, to_x - x))
    angles = (angles + 45) % 90 - 45
    level = np.abs(angles) <= STEEPEST
    if not level.any():
        return None
    order = np.argsort(angles[level])
    weights = lengths[level][order].cumsum()
    return float(angles[level][order][int(np.searchsorted(weights, weights[-1] / 2))])


def _turned(ink: Floats, degrees: float) -> Floats:
    if abs(degrees) < 0.3:
        return ink
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(height * sin + width * cos), round(height * cos + width * sin)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return np.asarray(cv2.warpAffine(ink, matrix, size, flags=cv2.INTER_LINEAR), np.float32)


def _printed(mask: Mask) -> Mask | None:
    """The pixels of printed lines without the strokes that cross them; None if there are none."""
    # without the pen's strokes, which would join the lines that cross them
    thin = mask & ~_opened(mask, THICKEST + 2, THICKEST + 2)
    level, upright = lines_in(thin), lines_in(thin.T)
    ruled = [rules(level, mask.shape[1]), rules(upright, mask.shape[0])]
    toothed = combs(level, teeth_in(thin.T) if level else [])
    boxed = _without_digit(mask, boxes(level, upright, mask))
    chosen = _each_once(ruled, toothed, boxed)
    if boxed[0] and not _something_left(mask, chosen, boxed):
        chosen = _each_once(ruled, toothed)
    if not any(chosen):
        return None
    first, second = (_erasable(mask if axis == 0 else mask.T, lines) for axis, lines in enumerate(chosen))
    return first | second.T


def _each_once(*found: Sequence[list[Line]]) -> list[list[Line]]:
    """The level lines of all, and the upright ones."""
    return [
        list({id(line): line for line in chain.from_iterable(lines)}.values()) for lines in zip(*found, strict=True)
    ]


def _without_digit(mask: Mask, boxed: _Frame) -> _Frame:
    """These lines without an empty box inside another one: it is a 0."""
    frames = _frames(boxed, mask.shape)
    printed = [frame for frame in frames if not any(_inside(frame, other) for other in frames) or _filled(mask, frame)]
    level, upright = ([line for frame in printed for line in frame[axis]] for axis in (0, 1))
    return level, upright


def _frames(boxed: _Frame, shape: tuple[int, ...]) -> list[_Frame]:
    """The lines that meet, together."""
    near = cv2.dilate(_pixels(boxed, shape).astype(np.uint8), np.ones((GROWN, GROWN), np.uint8))
    labels = cv2.connectedComponents(near)[1]
    frames: dict[int, _Frame] = {}
    for axis, lines in enumerate(boxed):
        for line in lines:
            place = (labels.T if axis else labels)[line.low : line.high, line.start : line.end][line.pixels]
            frames.setdefault(int(place[0]), ([], []))[axis].append(line)
    return list(frames.values())


def _pixels(frame: _Frame, shape: tuple[int, ...]) -> Mask:
    drawn = np.zeros(shape, bool)
    for axis, lines in enumerate(frame):
        for line in lines:
            line.cover(drawn.T if axis else drawn)
    return drawn


def _inside(frame: _Frame, other: _Frame) -> bool:
    """Whether a frame lies between the outermost lines of another."""
    return all(
        bool(inner and outer)
        and min(line.low for line in outer) < min(line.low for line in inner)
        and max(line.high for line in outer) > max(line.high for line in inner)
        for inner, outer in zip(frame, other, strict=True)
    )


def _filled(mask: Mask, frame: _Frame) -> bool:
    """Whether there is ink inside a frame that does not touch it."""
    labels, stats = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)[1:3]
    own = np.unique(labels[_pixels(frame, mask.shape)])
    rows, columns = (slice(min(line.low for line in lines), max(line.high for line in lines)) for lines in frame)
    others = np.setdiff1d(labels[rows, columns], [0, *own])
    least = _HELD * float(np.median([line.length for line in frame[1]]))
    return bool((stats[others, cv2.CC_STAT_HEIGHT] >= least).any())


def _something_left(mask: Mask, chosen: list[list[Line]], boxed: _Frame) -> bool:
    """Whether a box has a digit inside, rather than being one."""
    rest = mask.copy()
    for axis, lines in enumerate(chosen):
        for line in lines:
            line.clear(rest if axis == 0 else rest.T)
    top, bottom = min(line.low for line in boxed[0]), max(line.high for line in boxed[0])
    left, right = min(line.start for line in boxed[0]), max(line.end for line in boxed[0])
    inside = rest[top:bottom, left:right].astype(np.uint8)
    if not inside.size:
        return False
    stats = cv2.connectedComponentsWithStats(inside, connectivity=8)[2][1:]
    heights = [line.length for line in boxed[1]] or [bottom - top]
    return bool(len(stats) and stats[:, 3].max() >= _HELD * float(np.median(heights)))


def _erasable(mask: Mask, lines: list[Line]) -> Mask:
    """The pixels of these level lines, except where ink continues above and below."""
    erased = np.zeros(mask.shape, bool)
    for line in lines:
        line.cover(erased)
    if not lines:
        return erased
    rest = (mask & ~erased).astype(np.uint8)
    reach = 2 * (THICKEST + GROWN)
    column = np.ones((reach, 1), np.uint8)
    below = cv2.dilate(rest, column, anchor=(0, 0)) == 1
    above = cv2.dilate(rest, column, anchor=(0, reach - 1)) == 1
    return erased & ~(below & above)


def _opened(mask: Mask, width: int, height: int) -> Mask:
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((height, width), np.uint8)) == 1
