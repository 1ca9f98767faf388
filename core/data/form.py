"""The form that all images of a data set get: height, width, channels, and values from 0 to 255."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.array_types import Bytes
from core.config.datasets import LARGEST_SIDE, SMALLEST_SIDE, DataDescription, Mode
from core.data.readers.source import Images, Look, UnreadableData

LARGEST_CHOSEN = 64
"""Pixels a side at most where nobody chose a size."""
_DIM = 64
"""Values up to here are not bytes but shades of another scale, such as 0 to 16."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person chose about the form of images; None where the images decide."""

    size: tuple[int, int] | None = None
    """Height and width."""
    mode: Mode = "fit"
    channels: Literal[1, 3] | None = None

    @classmethod
    def read_size(cls, text: str) -> tuple[int, int]:
        """`32`, or `24x32` for height and width; raises UnreadableData."""
        match = re.fullmatch(r"(\d{1,4})(?:\s*[x×]\s*(\d{1,4}))?", text.strip().lower())
        sides = tuple(map(int, (match[1], match[2] or match[1]))) if match else ()
        if len(sides) != 2 or not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in sides):
            raise UnreadableData("data_add.bad_size", smallest=SMALLEST_SIDE, largest=LARGEST_SIDE)
        return sides[0], sides[1]


@dataclass(frozen=True, slots=True)
class Form:
    """The form of all images of a data set, and the values that become 0 and 255."""

    height: int
    width: int
    channels: int
    mode: Mode = "fit"
    low: float = 0.0
    high: float = 255.0

    @classmethod
    def chosen(cls, look: Look, wish: Wish) -> Self:
        """The form for images that look so: as wished, else the median size, gray if none has a color."""
        height, width = wish.size or _median_size(look.sizes)
        channels = wish.channels or (3 if look.colored else 1)
        low, high = value_range(look)
        return cls(height, width, channels, wish.mode, low, high)

    @classmethod
    def of(cls, data: DataDescription) -> Self:
        """The form of a data set's images, for a picture with values from 0 to 255."""
        height, width, channels = data.shape
        return cls(height, width, channels, data.mode)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of an image's array."""
        return (self.height, self.width) if self.channels == 1 else (self.height, self.width, 3)

    def apply(self, images: Images) -> Bytes:
        """Images in this form, uint8 (n, height, width) or (n, height, width, 3)."""
        if isinstance(images, np.ndarray) and images.shape[1:3] == (self.height, self.width):
            return self._colors(self._values(images))
        result = np.empty((len(images), *self.shape), np.uint8)
        for place, image in enumerate(images):
            # averages of gray and color differ by rounding only, and one channel is placed three times as fast
            pixels = self._colors(self._values(image[None]))[0]
            result[place] = pixels if pixels.shape[:2] == (self.height, self.width) else self._placed(pixels)
        return result

    def _values(self, images: NDArray[Any]) -> Bytes:
        if images.dtype == np.uint8 and (self.low, self.high) == (0, 255):
            return images
        scaled = (images.astype(np.float32) - np.float32(self.low)) * np.float32(255 / (self.high - self.low))
        values: Bytes = np.rint(scaled).clip(0, 255).astype(np.uint8)
        return values

    def _colors(self, images: Bytes) -> Bytes:
        if self.channels == 1 and images.ndim == 4:
            # the weights of ITU-R 601, as in Pillow
            weighted = images.astype(np.uint32) @ np.array([19_595, 38_470, 7_471], np.uint32)
            gray: Bytes = ((weighted + 0x8000) >> 16).astype(np.uint8)
            return gray
        if self.channels == 3 and images.ndim == 3:
            return np.repeat(images[..., None], 3, axis=3)
        return images

    def _placed(self, pixels: Bytes) -> Bytes:
        """One image of another size, made to fit as the mode says."""
        picture = Image.fromarray(pixels)
        tall, wide = self.height / picture.height, self.width / picture.width
        factor = {"fit": min(tall, wide), "crop": max(tall, wide), "keep": 1.0}[self.mode]
        size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
        if size != picture.size:
            picture = picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0)
        left, top = (self.width - picture.width) // 2, (self.height - picture.height) // 2
        if (left, top) != (0, 0) or picture.size != (self.width, self.height):
            canvas = Image.new(picture.mode, (self.width, self.height), _border(pixels))
            canvas.paste(picture, (left, top))
            picture = canvas
        return np.asarray(picture)


def _border(pixels: Bytes) -> int | tuple[int, ...]:
    """The middle value of the pixels at the sides of an image, for each channel."""
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    middle = np.median(edge, axis=0).astype(int)
    return int(middle) if middle.ndim == 0 else tuple(map(int, middle))


def value_range(look: Look) -> tuple[float, float]:
    """The values that stand for 0 and 255: images may be scaled to 0–1 or -1–1, or have 16 shades."""
    low, high = look.low, look.high
    if not np.isfinite(low) or low == high == 0:
        return 0.0, 255.0
    if low >= 0:
        if high <= 1:
            return 0.0, 1.0
        if high <= _DIM:
            return 0.0, float(high)
        return 0.0, 255.0 if high <= 255 else float(high)
    return (-1.0, 1.0) if low >= -1 and high <= 1 else (float(low), float(max(high, low + 1)))


def _median_size(sizes: dict[tuple[int, int], int]) -> tuple[int, int]:
    """The size of all images; where they differ, a square of the median side; within what a data set may have."""
    if not sizes:
        return SMALLEST_SIDE, SMALLEST_SIDE
    if len(sizes) == 1:
        ((height, width),) = sizes
    else:
        sides = [side for size in sizes for side in size]
        counts = [count for count in sizes.values() for _ in range(2)]
        height = width = _weighted_median(sides, counts)
    factor = min(1.0, LARGEST_CHOSEN / max(height, width))
    return _allowed(height * factor), _allowed(width * factor)


def _weighted_median(values: Sequence[int], counts: Sequence[int]) -> int:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(np.asarray(counts)[order])
    return int(np.asarray(values)[order][np.searchsorted(reached, reached[-1] / 2)])


def _allowed(side: float) -> int:
    return min(LARGEST_SIDE, max(SMALLEST_SIDE, round(side)))
