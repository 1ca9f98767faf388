"""Find the ink in a picture: on the uniform background of a drawing, or on photographed paper."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.array_types import Bytes, Doubles, Floats, Mask
from core.drawing.spots import spots
from core.errors import EmptyDrawing

LONGEST = 1000
"""Maximum longer side in pixels; larger pictures are first reduced by an integer factor."""

PHOTO_LONGEST = 600
SHORTEST = 280
FAINTEST = 0.08
"""Contrast to the background, from 0 to 1, below which a drawing counts as empty."""

FAINTEST_ON_PAPER = 0.15
SMALLEST_SHARE = 1 / 4000
"""Minimum share of a photo that the largest spot of ink covers; otherwise it is only grain."""

_EVEN = 2
_LEVELS = 64


def find_ink(rgba: Bytes) -> Floats:
    """The amount of ink in each pixel, float32 (h, w) in 0..1, from rgba uint8 (H, W, 4).

    The background is the color or transparency of the border; if the border is uneven, as in a photo, it is paper in
    varying light. Inverted colors give exactly the same ink. Raises EmptyDrawing if there is none.
    """
    planes, unit = _planes(rgba, LONGEST)
    border = np.array([_border(plane) for plane in planes])
    background = np.median(border, axis=1)
    even = (np.abs(border - background[:, None]) <= _EVEN * unit).all(axis=0).mean() >= 0.5
    if not even:
        return _on_paper(rgba)
    opaque = planes[3] == 255 * unit
    if background[3] == 0 and opaque.mean() > 0.5:
        # not a drawing without background, but a sheet that does not cover the corners of the picture
        sheet = np.array([np.median(plane[opaque]) for plane in planes])
        on_sheet = np.where(opaque, _contrast(planes, sheet), 0)
        if on_sheet.max() >= FAINTEST * 255 * unit:
            return _scaled(on_sheet, unit)
    return _scaled(_contrast(planes, background), unit)


def brightness(rgba: Bytes) -> Floats:
    """Brightness of the picture, white 1 and black 0, ignoring transparency: float32 (h, w) from uint8 (H, W, 4)."""
    weights = np.array([0.299, 0.587, 0.114], np.float32) / 255
    return np.minimum(rgba[..., :3].astype(np.float32) @ weights, 1)


def _planes(rgba: Bytes, longest: int) -> tuple[list[Floats], int]:
    """Red, green and blue, weighted by opacity, and opacity, each summed over blocks; and the pixels per block.

    Integer sums, so that an inverted picture gives exactly the inverted sums.
    """
    shorter, longer = sorted(rgba.shape[:2])
    # in a narrow picture, the shorter side stays long enough
    size = max(1, min(-(-longer // longest), shorter // SHORTEST))
    planes = [rgba[..., channel].astype(np.int32) for channel in range(4)]
    if (rgba[..., 3] < 255).any():
        planes[:3] = [(plane * planes[3] + 127) // 255 for plane in planes[:3]]
    if size > 1:
        height, width = (max(1, n // size) * size for n in rgba.shape[:2])
        for axis, side in ((0, height), (1, width)):
            planes = [np.add.reduceat(p[:height, :width], np.arange(0, side, size), axis=axis) for p in planes]
    return [plane.astype(np.float32) for plane in planes], size * size


def _border(plane: Floats) -> Floats:
    width = max(1, min(max(plane.shape) // 70, min(plane.shape) // 4))
    parts = (plane[:width], plane[-width:], plane[width:-width, :width], plane[width:-width, -width:])
    return np.concatenate([part.ravel() for part in parts])


def _contrast(planes: list[Floats], background: Doubles) -> Floats:
    # the largest channel: for white or black ink on any background, this is the ink's opacity
    contrast = np.zeros_like(planes[0])
    for plane, color in zip(planes, background.astype(np.float32), strict=True):
        np.maximum(contrast, np.abs(plane - color), out=contrast)
    return contrast


def _scaled(contrast: Floats, unit: int) -> Floats:
    most = contrast.max()
    if most < FAINTEST * 255 * unit:
        raise EmptyDrawing("drawing.empty")
    return contrast / most


def _on_paper(rgba: Bytes) -> Floats:
    planes, unit = _planes(rgba, PHOTO_LONGEST)
    # integers up to here, so that an inverted photo gives exactly the same
    gray = _blurred(planes[0] + planes[1] + planes[2])
    white = np.float32(9 * 3 * 255 * unit)
    if not _dark_on_light(gray):
        gray = white - gray
    gray /= white
    window = max(3, min(gray.shape) // 3)
    # padded along its slope, so that a corner in the shade still counts as paper
    wide = np.pad(gray, window, mode="reflect", reflect_type="odd")
    paper = _extreme(_extreme(wide, window, np.maximum), window, np.minimum)[window:-window, window:-window]
    ink: Floats = np.clip(1 - gray / np.maximum(paper, np.float32(1 / 255)), 0, 1)
    level = _otsu(ink)
    above = ink > level
    if not above.any():
        raise EmptyDrawing("drawing.empty")
    strong, weak = float(np.median(ink[above])), ink[~above]
    if strong < FAINTEST_ON_PAPER or strong - weak.mean() < 5 * weak.std():
        raise EmptyDrawing("drawing.empty")
    faint = 0.3 * strong
    ink = np.clip((ink - faint) / (strong - faint), 0, 1)
    return (ink * _of_the_digit(ink > 0.3)).astype(np.float32)


def _dark_on_light(gray: Floats) -> bool:
    step = max(1, max(gray.shape) // 40)
    small = gray[: gray.shape[0] // step * step, : gray.shape[1] // step * step]
    small = small.reshape(small.shape[0] // step, step, small.shape[1] // step, step).mean(axis=(1, 3))
    reach = max(1, max(small.shape) // 4)
    windows = sliding_window_view(np.pad(small, reach, mode="symmetric"), (2 * reach + 1, 2 * reach + 1))
    difference = small - np.median(windows, axis=(2, 3))
    return float((difference**3).sum()) <= 0


def _blurred(gray: Floats) -> Floats:
    """The sum of each pixel and its eight neighbors."""
    wide = np.pad(gray, 1, mode="edge")
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    return rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]


def _extreme(values: Floats, window: int, of: np.ufunc) -> Floats:
    """Maximum or minimum over a square around each pixel, with doubling steps (after van Herk)."""
    for axis in (0, 1):
        before = window // 2
        pad = [(0, 0), (0, 0)]
        pad[axis] = (before, window - 1 - before)
        values = np.moveaxis(np.pad(values, pad, mode="edge"), axis, 0)
        reach = 1
        while reach < window:
            step = min(reach, window - reach)
            values = of(values[:-step], values[step:])
            reach += step
        values = np.moveaxis(values, 0, axis)
    return values


def _otsu(values: Floats) -> float:
    """The threshold that splits values in 0..1 into two groups of least variance (N. Otsu, 1979)."""
    counts, edges = np.histogram(values, bins=_LEVELS, range=(0.0, 1.0))
    middle = (edges[:-1] + edges[1:]) / 2
    below, total = np.cumsum(counts), counts.sum()
    sums = np.cumsum(counts * middle)
    above = np.maximum(total - below, 1)
    between = below * above * (sums / np.maximum(below, 1) - (sums[-1] - sums) / above) ** 2
    return float(edges[1 + int(between[:-1].argmax())])


def _of_the_digit(mask: Mask) -> Mask:
    """Mask of the spots that belong to the digit: no specks, nothing that extends from outside unless all spots do."""
    found = spots(mask)
    if not found or max(spot.area for spot in found) < SMALLEST_SHARE * mask.size:
        raise EmptyDrawing("drawing.empty")
    inside = [spot for spot in found if not spot.touches_border]
    largest = max(spot.area for spot in found)
    # a digit may touch the border, but the edge of a table always does
    chosen = inside if inside and max(spot.area for spot in inside) > largest / 50 else found
    enough = max(spot.area for spot in chosen) / 30
    kept = np.zeros(mask.shape, bool)
    for spot in chosen:
        if spot.area >= enough:
            for row, first, last in spot.runs:
                kept[max(0, row - 1) : row + 2, max(0, first - 1) : last + 1] = True
    return kept
