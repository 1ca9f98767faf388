"""Pictures of digits that a person brings: PNG, JPEG and WebP, each checked before anything of it is decoded."""

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from core.drawing.other_formats import export_advice
from core.drawing.to_mnist import SMALLEST
from core.errors import DigitLabError

LARGEST_FILE = 30_000_000
"""Bytes."""

LONGEST = 9_000
"""Points of the longer side; the largest phones take photos of 8,160."""

LARGEST_DECODED = 16_000_000
"""Points that are decoded at most: a JPEG can be read at a half, a quarter or an eighth of its size, no other can."""

KEPT = 1_600
"""A larger picture is reduced to so many points; no digit on it needs more."""

MOST_GAIN = 8
"""How many times the contrast of 16 bits is raised at most, so that the grain of an empty sheet stays grain."""

_FORMATS = ("PNG", "JPEG", "WEBP")


class UnreadablePicture(DigitLabError):
    """A file that is no picture of a digit that can be read."""


def read_picture(content: bytes) -> NDArray[np.uint8]:
    """The picture as a person sees it, turned as its camera says, uint8 (H, W, 4), sides from 28 to 1600 points.

    Raises UnreadablePicture for anything but one still PNG, JPEG or WebP of a sound size, whatever its name says.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadablePicture("drawing.large_file", limit=LARGEST_FILE // 1_000_000)
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            _check(picture)
            return np.array(_upright(picture))
    except UnreadablePicture:
        raise
    except UnidentifiedImageError:
        raise UnreadablePicture(export_advice(content) or "drawing.no_picture") from None
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception:  # a damaged picture fails in any of a dozen ways, and each means the same
        raise UnreadablePicture("drawing.damaged") from None


def _check(picture: Image.Image) -> None:
    width, height = picture.size
    # a phone's JPEG may hold two frames too, of which the first is the photo
    if picture.format in ("PNG", "WEBP") and getattr(picture, "n_frames", 1) > 1:
        raise UnreadablePicture("drawing.animated")
    if min(width, height) < SMALLEST:
        raise UnreadablePicture("drawing.small", width=width, height=height, smallest=SMALLEST)
    picture.draft(None, (1000, 1000))
    if max(width, height) > LONGEST or math.prod(picture.size) > LARGEST_DECODED:
        raise _too_large()
    if min(width, height) * KEPT < SMALLEST * max(width, height):
        raise UnreadablePicture("drawing.narrow", width=width, height=height)


def _too_large() -> UnreadablePicture:
    return UnreadablePicture("drawing.large", limit=LARGEST_DECODED // 1_000_000)


def _upright(picture: ImageFile.ImageFile) -> Image.Image:
    # Pillow cuts 16 bits of gray off at 255, and keeps the upper 8 of a color's 16
    deep = any(tile.args in ("RGB;16B", "LA;16B", "RGBA;16B") for tile in picture.tile)
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):
        upright = Image.fromarray(_eight_bits(np.asarray(upright)))
    colors = upright.convert("RGBA")
    if deep:
        rgba = np.array(colors)
        rgba[..., :3] = _stretched(rgba[..., :3])
        rgba[..., 3] = _stretched(rgba[..., 3], low=0)
        colors = Image.fromarray(rgba)
    if max(colors.size) > KEPT:
        colors.thumbnail((KEPT, KEPT), Image.Resampling.BOX)
    return colors


def _eight_bits(gray: NDArray[Any]) -> NDArray[np.uint8]:
    """Whole numbers below 2^16 as 8 bits: exactly where they are 8 bits written twice, else stretched."""
    if np.array_equal(gray >> 8, gray & 255):
        return gray.astype(np.uint8)
    return _stretched(gray)


def _stretched(values: NDArray[Any], low: int | None = None) -> NDArray[np.uint8]:
    """As 8 bits, the values from `low`, else the lowest, to the highest: 12 bits of a file's 16 are black to white."""
    high = int(values.max())
    low = int(values.min()) if low is None else low
    span = max(high - low, -(-high // MOST_GAIN), 1)
    # by a table, since a photo has more points than there are values
    table = np.clip(np.round((np.arange(high + 1) - low) * (255 / span)), 0, 255).astype(np.uint8)
    stretched: NDArray[np.uint8] = table[values]
    return stretched
