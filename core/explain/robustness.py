"""How stable a network's answers are while an image is shifted, rotated, thickened or made noisy."""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np

from core.array_types import Bytes, Floats

Probabilities = Callable[[Floats], Floats]
"""Maps images float32 (n, *image_shape) to class probabilities float32 (n, classes)."""

Change = Literal["shift", "rotation", "thickness", "noise"]
CHANGES: tuple[Change, ...] = get_args(Change)

AMOUNTS: dict[Change, tuple[float, ...]] = {
    "shift": (-4, -3, -2, -1, 0, 1, 2, 3, 4),
    "rotation": (-60, -45, -30, -15, 0, 15, 30, 45, 60),
    "thickness": (-1, -0.5, 0, 0.5, 1, 1.5, 2),
    "noise": (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
}
"""Shift to the right in pixels; rotation clockwise in degrees; thickness in pixels gained on each side of a stroke;
standard deviation of the noise, with ink as 1. 0 leaves the digit unchanged."""

NOISE_SEED = 1


def changed(images: Floats, change: Change, amount: float) -> Floats:
    """Images float32 (n, h, w), or with channels, in 0..1, all changed by the same amount; uncovered pixels are 0."""
    if amount == 0:
        return images
    match change:
        case "shift":
            return _shifted(images, int(amount))
        case "rotation":
            return _turned(images, amount)
        case "thickness":
            return _thickened(images, amount)
        case "noise":
            return _noisy(images, amount)


def variants(image: Floats, change: Change) -> Floats:
    """One image changed by each amount in turn, float32 (amounts, ...)."""
    return np.concatenate([changed(image[None], change, amount) for amount in AMOUNTS[change]])


def accuracy(probabilities: Probabilities, images: Floats, labels: Bytes, change: Change, at: float) -> float:
    """Accuracy on images changed by this amount."""
    return float((probabilities(changed(images, change, at)).argmax(axis=1) == labels).mean())


def _shifted(images: Floats, right: int) -> Floats:
    moved = np.roll(images, right, axis=2)
    moved[:, :, slice(right) if right > 0 else slice(right, None)] = 0
    return moved


def _turned(images: Floats, degrees: float) -> Floats:
    """Rotate about the center, with bilinear interpolation."""
    height, width = images.shape[1:3]
    row, column = np.arange(height)[:, None] - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    angle = np.deg2rad(degrees)
    # source position of each pixel, by the inverse rotation; a blank border stands for everything outside
    back_row = np.cos(angle) * row - np.sin(angle) * column
    back_column = np.cos(angle) * column + np.sin(angle) * row
    source_row = np.clip(back_row + (height - 1) / 2 + 1, 0, height + 1)
    source_column = np.clip(back_column + (width - 1) / 2 + 1, 0, width + 1)
    top, left = np.floor(source_row).astype(int), np.floor(source_column).astype(int)
    down, right = (source_row - top).astype(np.float32), (source_column - left).astype(np.float32)
    if images.ndim > 3:
        down, right = down[..., None], right[..., None]
    bordered = np.pad(images, ((0, 0), (1, 2), (1, 2), *((0, 0) for _ in images.shape[3:])))
    upper = (1 - right) * bordered[:, top, left] + right * bordered[:, top, left + 1]
    lower = (1 - right) * bordered[:, top + 1, left] + right * bordered[:, top + 1, left + 1]
    return (1 - down) * upper + down * lower


def _thickened(images: Floats, pixels: float) -> Floats:
    """Gray dilation (erosion if negative) with a cross of five pixels; fractional steps are interpolated."""
    of = np.maximum if pixels > 0 else np.minimum
    whole, part = divmod(abs(pixels), 1)
    for _ in range(int(whole)):
        images = _spread(images, of)
    if part:
        images = np.float32(1 - part) * images + np.float32(part) * _spread(images, of)
    return images


def _spread(images: Floats, of: np.ufunc) -> Floats:
    around = np.pad(images, ((0, 0), (1, 1), (1, 1), *((0, 0) for _ in images.shape[3:])))
    spread: Floats = images
    for beside in (around[:, :-2, 1:-1], around[:, 2:, 1:-1], around[:, 1:-1, :-2], around[:, 1:-1, 2:]):
        spread = of(spread, beside)
    return spread


def _noisy(images: Floats, deviation: float) -> Floats:
    noise = np.random.default_rng(NOISE_SEED).standard_normal(images.shape, np.float32)
    return np.clip(images + np.float32(deviation) * noise, 0, 1)
