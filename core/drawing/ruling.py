"""Remove printed lines and boxes from ink, by their straightness."""

from dataclasses import dataclass

import cv2
import numpy as np

from core.array_types import Floats, Mask

SEARCHED = 800
"""Longer side, in pixels, of the copy in which lines are searched."""

THICKEST = 9
"""Pixels in that copy; a thicker line was drawn."""

SHORTEST = 0.06
"""Minimum length of a line, relative to the shorter side."""

ACROSS = 0.5
"""Length, relative to the picture, of a line that crosses it."""

RULED = 3
"""Lines that cross a ruled page."""

STEEPEST = 12.0
"""Degrees by which a page may be turned."""

_NEAR = 9
_GROWN = 5
_GAP = 25
"""Longest gap, in pixels, in a line that a stroke crosses."""
_INK = 0.25


@dataclass(slots=True, eq=False)
class _Line:
    """A straight line along the first axis: from `start` to `end`, at `place` on the other axis, with its pixels."""

    start: int
    end: int
    low: int
    high: int
    thickness: float
    pixels: Mask

    @property
    def length(self) -> int:
        return self.end - self.start


def without_lines(ink: Floats) -> Floats | None:
    """The ink, float32 (h, w) in 0..1, without printed lines, and turned so that they were level; None without any.

    Lines that cross the picture and closed boxes with something inside are printed; a stroke that crosses a line stays
    whole.
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
    level, upright = _lines(thin), _lines(thin.T)
    rules = [_rules(level, mask.shape[1]), _rules(upright, mask.shape[0])]
    boxed = _in_boxes(level, upright, mask)
    chosen = [list({id(line): line for line in [*some, *others]}.values())
              for some, others in zip(rules, boxed, strict=True)]  # fmt: skip
    if boxed[0] and not _something_left(mask, chosen, boxed):
        chosen = rules
    if not any(chosen):
        return None
    first, second = (_erasable(mask if axis == 0 else mask.T, lines) for axis, lines in enumerate(chosen))
    return first | second.T


def _lines(mask: Mask) -> list[_Line]:
    """Thin level lines of the mask, (h, w)."""
    shortest = max(24, round(SHORTEST * min(mask.shape)))
    joined = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))
    # grown, because a line that is not quite level steps from row to row
    grown = cv2.dilate(joined, np.ones((_GROWN, 1), np.uint8))
    straight = cv2.morphologyEx(grown, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(straight, connectivity=8)
    found = []
    for number in range(1, count):
        left, top, width, height, _ = stats[number].tolist()
        part = labels[top : top + height, left : left + width] == number
        inked = part & mask[top : top + height, left : left + width]
        thickness = float(inked.sum()) / width
        if width >= shortest and thickness <= THICKEST and height <= THICKEST + _GROWN + 0.06 * width:
            pixels = np.zeros(mask.shape, bool)
            pixels[top : top + height, left : left + width] = part
            found.append(_Line(left, left + width, top, top + height, thickness, pixels))
    return found


def _rules(lines: list[_Line], side: int) -> list[_Line]:
    """Lines that cross the picture; if it is ruled, pieces of such lines too, between the strokes that cross them."""
    crossing = [line for line in lines if _crosses(line, side)]
    if len(crossing) < RULED:
        return crossing
    thick = 1.6 * float(np.median([line.thickness for line in crossing])) + 0.5
    return [line for line in lines if line in crossing or line.thickness <= thick]


def _crosses(line: _Line, side: int) -> bool:
    at_edge = min(line.start, side - line.end) <= 0.03 * side
    return line.length >= ACROSS * side and (at_edge or line.length >= 0.75 * side)


def _in_boxes(level: list[_Line], upright: list[_Line], mask: Mask) -> tuple[list[_Line], list[_Line]]:
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


def _ends_at_lines(line: _Line, others: list[_Line], side: int) -> bool:
    def ends(place: int) -> bool:
        if place <= _NEAR or place >= side - _NEAR:
            return True
        return any(
            other.low - _NEAR <= place <= other.high + _NEAR
            and other.start - _NEAR <= (line.low + line.high) / 2 <= other.end + _NEAR
            and 0.4 <= (other.thickness + 1) / (line.thickness + 1) <= 2.5
            for other in others
        )

    return ends(line.start) and ends(line.end)


def _something_left(mask: Mask, chosen: list[list[_Line]], boxed: tuple[list[_Line], list[_Line]]) -> bool:
    """Whether a box has a digit inside, rather than being one."""
    rest = mask.copy()
    for axis, lines in enumerate(chosen):
        for line in lines:
            rest &= ~(line.pixels if axis == 0 else line.pixels.T)
    top, bottom = min(line.low for line in boxed[0]), max(line.high for line in boxed[0])
    left, right = min(line.start for line in boxed[0]), max(line.end for line in boxed[0])
    inside = rest[top:bottom, left:right].astype(np.uint8)
    if not inside.size:
        return False
    stats = cv2.connectedComponentsWithStats(inside, connectivity=8)[2][1:]
    heights = [line.length for line in boxed[1]] or [bottom - top]
    return bool(len(stats) and stats[:, 3].max() >= 0.25 * float(np.median(heights)))


def _erasable(mask: Mask, lines: list[_Line]) -> Mask:
    """The pixels of these level lines, except where ink continues above and below."""
    erased = np.zeros(mask.shape, bool)
    for line in lines:
        erased |= line.pixels
    if not lines:
        return erased
    rest = (mask & ~erased).astype(np.uint8)
    reach = 2 * (THICKEST + _GROWN)
    column = np.ones((reach, 1), np.uint8)
    below = cv2.dilate(rest, column, anchor=(0, 0)) == 1
    above = cv2.dilate(rest, column, anchor=(0, reach - 1)) == 1
    return erased & ~(below & above)


def _opened(mask: Mask, width: int, height: int) -> Mask:
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((height, width), np.uint8)) == 1
