"""Find the ink of a drawing on a uniform background."""

import numpy as np

from core.array_types import Bytes, Doubles, Floats
from core.errors import EmptyDrawing

LONGEST = 1000
"""Maximum longer side in pixels; larger pictures are first reduced by an integer factor."""

SHORTEST = 280
FAINTEST = 0.08
"""Contrast to the background, from 0 to 1, below which a drawing counts as empty."""

_EVEN = 2


def find_ink(rgba: Bytes) -> Floats | None:
    """The amount of ink in each pixel, float32 (h, w) in 0..1, from rgba uint8 (H, W, 4).

    The background is the color or transparency of the border; None if the border is uneven, as in a photo. Inverted
    colors give exactly the same ink. Raises EmptyDrawing if there is none.
    """
    planes, unit = _planes(rgba)
    border = np.array([_border(plane) for plane in planes])
    background = np.median(border, axis=1)
    even = (np.abs(border - background[:, None]) <= _EVEN * unit).all(axis=0).mean() >= 0.5
    if not even:
        return None
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


def _planes(rgba: Bytes) -> tuple[list[Floats], int]:
    """Red, green and blue, weighted by opacity, and opacity, each summed over blocks; and the pixels per block.

    Integer sums, so that an inverted picture gives exactly the inverted sums.
    """
    shorter, longer = sorted(rgba.shape[:2])
    # in a narrow picture, the shorter side stays long enough
    size = max(1, min(-(-longer // LONGEST), shorter // SHORTEST))
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
