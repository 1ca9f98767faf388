"""Straight printed lines in ink: the rules, boxes and combs that they make."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from core.array_types import Mask

THICKEST = 9
"""Pixels; a thicker line was drawn."""

GROWN = 5
"""Rows over which a line that is not quite level may step."""

SHORTEST = 0.06
"""Minimum length of a line, relative to the shorter side."""

ACROSS = 0.5
"""Length, relative to the picture, of a line that crosses it."""

RULED = 3
"""Lines that cross a ruled page."""

TEETH = 4
"""Short lines of one length at even distances on a longer one: a form's field with a place for each character."""

_NEAR = 9
_BESIDE = 1.5
"""Pixels by which a line's own may lie beside it."""

_GAP = 25
"""Longest gap, in pixels, in a line that a stroke crosses."""
_SHORTEST_TOOTH = 14
_EVEN, _UNEVEN = 2 / 3, 0.15
"""Minimum share of the distances between teeth that are the usual one, or a multiple, within this share of it."""

_BEYOND = 1.2
"""How far a comb reaches beyond its outer teeth, relative to their distance."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A straight line along the second axis: from `start` to `end`, between the rows `low` and `high`.

    `pixels` are its own in this box, (high - low, end - start).
    """

    start: int
    end: int
    low: int
    high: int
    thickness: float
    pixels: Mask

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    def cover(self, mask: Mask) -> None:
        """Add its pixels to a mask of the picture, (h, w)."""
        mask[self.low : self.high, self.start : self.end] |= self.pixels

    def clear(self, mask: Mask) -> None:
        """Take its pixels out of a mask of the picture, (h, w)."""
        mask[self.low : self.high, self.start : self.end] &= ~self.pixels


def lines_in(mask: Mask) -> list[Line]:
    """Thin level lines of the mask, (h, w)."""
    return _thin_lines(mask, max(24, round(SHORTEST * min(mask.shape))))


def teeth_in(mask: Mask) -> list[Line]:
    """Thin level lines that are shorter than a printed line may be alone; the mask is (h, w)."""
    return _thin_lines(mask, _SHORTEST_TOOTH)


def _thin_lines(mask: Mask, shortest: int) -> list[Line]:
    joined = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))
    # grown, because a line that is not quite level steps from row to row
    grown = cv2.dilate(joined, np.ones((GROWN, 1), np.uint8))
    straight = cv2.morphologyEx(grown, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(straight, connectivity=8)
    found = []
    for number in range(1, count):
        left, top, width, height, _ = stats[number].tolist()
        box = slice(top, top + height), slice(left, left + width)
        part = _along(labels[box] == number, mask[box])
        ink = part & mask[box]
        thickness = float(ink.sum()) / width
        thin = thickness <= THICKEST and height <= THICKEST + GROWN + 0.06 * width
        if width >= shortest and thin and not _mostly_gap(ink):
            found.append(Line(left, left + width, top, top + height, thickness, part))
    return found


def _mostly_gap(ink: Mask) -> bool:
    """Whether these level pixels, (h, w), are two ends of other lines rather than one line."""
    gaps = np.diff(np.flatnonzero(ink.any(axis=0)))
    return not len(gaps) or int(gaps.max()) > ink.shape[1] / 2


def _along(part: Mask, mask: Mask) -> Mask:
    """The pixels of a part, (h, w), near its line: the foot of a digit that stands close above it is none of them."""
    ink = part & mask
    thick = ink.sum(axis=0)
    thickness = float(np.median(thick[thick > 0])) if thick.any() else 0.0
    columns = np.flatnonzero((thick > 0) & (thick <= thickness + 1))
    if len(columns) < _SHORTEST_TOOTH // 2:
        return part
    rows = np.arange(len(part))
    middles = (rows @ ink[:, columns]) / thick[columns]
    # a page may be bent
    line = np.polynomial.Polynomial.fit(columns, middles, 2)(np.arange(part.shape[1]))
    return part & (np.abs(rows[:, None] - line) <= thickness / 2 + _BESIDE)


def rules(lines: list[Line], side: int) -> list[Line]:
    """Lines that cross the picture; if it is ruled, pieces of such lines too, between the strokes that cross them."""
    crossing = [line for line in lines if _crosses(line, side)]
    if len(crossing) < RULED:
        return crossing
    thick = 1.6 * float(np.median([line.thickness for line in crossing])) + 0.5
    return [line for line in lines if line in crossing or line.thickness <= thick]


def _crosses(line: Line, side: int) -> bool:
    at_edge = min(line.start, side - line.end) <= 0.03 * side
    return line.length >= ACROSS * side and (at_edge or line.length >= 0.75 * side)


def combs(level: list[Line], teeth: list[Line]) -> tuple[list[Line], list[Line]]:
    """The level lines on which some of these upright ones stand as a comb's teeth, and its teeth."""
    found: tuple[list[Line], list[Line]] = [], []
    for base in level:
        on = [line for line in teeth if _stands_on(line, base)]
        if len(on) >= TEETH:
            usual = float(np.median([line.length for line in on]))
            alike = [line for line in on if 0.75 <= line.length / usual <= 1.35]
            if len(alike) >= TEETH and _spread(sorted(line.middle for line in alike), usual, base):
                found[0].append(base)
                found[1].extend(alike)
    return found


def _stands_on(line: Line, base: Line) -> bool:
    return (
        any(base.low - _NEAR <= end <= base.high + _NEAR for end in (line.start, line.end))
        and base.start - _NEAR <= line.middle <= base.end + _NEAR
        and line.length <= base.length / TEETH
        and _as_thick(line, base)
    )


def _spread(places: Sequence[float], height: float, base: Line) -> bool:
    """Whether teeth at these places are spread evenly over the whole line, but for a missing one here and there."""
    steps = np.diff(places)
    usual = float(np.median(steps))
    # teeth leave room for a character, and a row of ones is taller than it is wide
    if usual <= height or max(places[0] - base.start, base.end - places[-1]) > _BEYOND * usual:
        return False
    uneven = np.abs(steps / usual - np.maximum(1, np.round(steps / usual)))
    return float((uneven <= _UNEVEN).mean()) >= _EVEN


def _as_thick(line: Line, other: Line) -> bool:
    return 0.4 <= (other.thickness + 1) / (line.thickness + 1) <= 2.5


def boxes(level: list[Line], upright: list[Line], mask: Mask) -> tuple[list[Line], list[Line]]:
    """Lines that end at lines of about the same thickness, which end at such lines too."""
    kept = [list(level), list(upright)]
    while True:
        fewer = [
            [line for line in kept[axis] if _ends_at_lines(line, kept[1 - axis], mask.shape[1 - axis])]
            for axis in (0, 1)
        ]
        if [len(lines) for lines in fewer] == [len(lines) for lines in kept]:
            return fewer[0], fewer[1]
        kept = fewer


def _ends_at_lines(line: Line, others: list[Line], side: int) -> bool:
    def ends(place: int) -> bool:
        if place <= _NEAR or place >= side - _NEAR:
            return True
        return any(
            other.low - _NEAR <= place <= other.high + _NEAR
            and other.start - _NEAR <= line.middle <= other.end + _NEAR
            and _as_thick(line, other)
            for other in others
        )

    return ends(line.start) and ends(line.end)
