"""Distort one image by chosen amounts, as random augmentation does in training.

The same geometry as in the worker, without TensorFlow.
"""

import math
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from core.array_types import Doubles, Floats
from core.config.augmentation import Augmentation

BENDS = 7
"""Values along each side of the random field for elastic distortion, before smoothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Distortion:
    """Amounts for one image: `down` and `right` in pixels, `turned` in radians, `taller` and `wider` as factors.

    `slant` is a slope. `bend` float32 (7, 7, 2) holds the row and column offsets, in pixels, of the source position.
    Positive angles are clockwise, positive slants lean to the right.
    """

    down: float = 0.0
    right: float = 0.0
    turned: float = 0.0
    taller: float = 1.0
    wider: float = 1.0
    slant: float = 0.0
    bend: Floats = field(default_factory=lambda: np.zeros((BENDS, BENDS, 2), np.float32))


def random_distortion(amounts: Augmentation, random: np.random.Generator, sides: tuple[int, int]) -> Distortion:
    """Draw each amount uniformly between plus and minus its maximum, as in training, for images of these sides."""

    def between(most: float) -> float:
        return float(random.uniform(-most, most))

    return Distortion(
        turned=between(math.radians(amounts.rotation)),
        slant=between(amounts.shear),
        taller=1 + between(amounts.zoom),
        wider=1 + between(amounts.zoom),
        bend=random_bend(amounts.elastic, random),
        down=between(sides[0] * amounts.shift),
        right=between(sides[1] * amounts.shift),
    )


def random_bend(most: float, random: np.random.Generator) -> Floats:
    """A random field that displaces pixels by about `most` pixels at the most: float32 (7, 7, 2)."""
    return random.uniform(-most, most, (BENDS, BENDS, 2)).astype(np.float32)


def distorted(image: Floats, by: Distortion) -> Floats:
    """The distorted image, float32 (h, w) or with channels, resampled once; everything outside it counts as 0."""
    height, width = image.shape[:2]
    half_row, half_column = (height - 1) / 2, (width - 1) / 2
    row = np.arange(height, dtype=np.float32)[:, None] - np.float32(half_row)
    column = np.arange(width, dtype=np.float32) - np.float32(half_column)
    # computes where each pixel comes from, hence the inverted signs
    cosine, sine = math.cos(by.turned), math.sin(by.turned)
    turned_row = (cosine * row - sine * column) / by.taller
    turned_column = (cosine * column + sine * row) / by.wider + by.slant * row
    bend = np.einsum("ri,cj,ijk->rck", _smoothing(height), _smoothing(width), by.bend)
    source_row = turned_row + bend[..., 0] + half_row - by.down
    source_column = turned_column + bend[..., 1] + half_column - by.right
    return _taken(image, source_row, source_column)


def _taken(image: Floats, row: Floats, column: Floats) -> Floats:
    """Bilinear interpolation at the given positions."""
    height, width = image.shape[:2]
    bordered = np.pad(image, ((1, 1), (1, 1), *((0, 0) for _ in image.shape[2:])))
    row = np.clip(row + 1, 0, height + 0.999)
    column = np.clip(column + 1, 0, width + 0.999)
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    down, right = row - top, column - left
    if image.ndim > 2:
        down, right = down[..., None], right[..., None]
    upper = (1 - right) * bordered[top, left] + right * bordered[top, left + 1]
    lower = (1 - right) * bordered[top + 1, left] + right * bordered[top + 1, left + 1]
    return ((1 - down) * upper + down * lower).astype(np.float32)


@cache
def _smoothing(side: int) -> Doubles:
    """Weights that upsample 7 values to a side by cubic convolution (Keys, 1981), float64 (side, 7); rows sum to 1."""
    places = (np.arange(side) + 0.5) * BENDS / side - 0.5
    away = np.abs(places[:, None] - np.arange(BENDS))
    near = 1.5 * away**3 - 2.5 * away**2 + 1
    far = -0.5 * away**3 + 2.5 * away**2 - 4 * away + 2
    weights = np.where(away <= 1, near, np.where(away < 2, far, 0.0))
    return weights / weights.sum(axis=1, keepdims=True)
