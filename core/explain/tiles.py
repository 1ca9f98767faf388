"""Weights and activations as square pictures, with separate ink for positive and negative values."""

import math
from dataclasses import dataclass

import numpy as np

from core.array_types import Bytes, Floats, Indices
from core.config.layer import Shape


@dataclass(frozen=True, eq=False)
class Shades:
    """Pictures uint8 (n, side, side) of the positive values and of the negative ones, None if there are none."""

    above: Bytes
    below: Bytes | None = None

    def __len__(self) -> int:
        return len(self.above)


def shades(pictures: Floats, limit: float | None = None, *, signed: bool | None = None) -> Shades:
    """Square pictures (n, side, side) on one scale, with full ink at `limit`, by default the largest absolute value.

    `signed` keeps the picture of negative values even if there are none, so that related pictures look alike.
    """
    limit = max(float(np.abs(pictures).max(initial=0)) if limit is None else limit, 1e-12)
    ink = np.round(np.clip(pictures / limit, -1, 1) * 255)
    if signed is None:
        signed = bool((ink < 0).any())
    return Shades(np.maximum(ink, 0).astype(np.uint8), np.maximum(-ink, 0).astype(np.uint8) if signed else None)


def channel_tiles(stacks: Floats, gap: int = 1) -> Floats:
    """The channels of (n, h, w, c) as tiles in the smallest square, (n, side, side), separated by zeros."""
    count, height, width, channels = stacks.shape
    if channels == 1 and height == width:
        return stacks[..., 0]
    across = math.ceil(math.sqrt(channels))
    side = across * (max(height, width) + gap) - gap
    tiles = np.zeros((count, side, side), np.float32)
    for channel in range(channels):
        row, column = divmod(channel, across)
        top, left = row * (height + gap), column * (width + gap)
        tiles[:, top : top + height, left : left + width] = stacks[..., channel]
    return tiles


def squares(maps: Floats) -> Floats:
    """Maps (n, h, w), padded to squares."""
    _, height, width = maps.shape
    side = max(height, width)
    return np.pad(maps, ((0, 0), (0, side - height), (0, side - width)))


def rows_as_pictures(rows: Floats, shape: Shape) -> Floats:
    """Rows (n, inputs) as square pictures, in the shape that they had before flattening.

    An image (h, w, c) becomes tiles of its channels; other inputs fill a square line by line.
    """
    if len(shape) == 3:
        return channel_tiles(rows.reshape(len(rows), *shape), gap=0 if shape[2] > 1 else 1)
    side = math.ceil(math.sqrt(rows.shape[1]))
    square = np.zeros((len(rows), side * side), np.float32)
    square[:, : rows.shape[1]] = rows
    return square.reshape(len(rows), side, side)


def strength(values: Floats) -> Floats:
    """Mean absolute value of each channel of (..., c), float32 (c,)."""
    return np.abs(values.reshape(-1, values.shape[-1])).mean(axis=0)


def strongest_first(strengths: Floats) -> Indices:
    """Indices by descending strength; ties keep their order."""
    return np.argsort(-strengths, kind="stable")
