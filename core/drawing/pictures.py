"""Read uploaded pictures of digits: PNG, JPEG and WebP, checked before they are decoded."""

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from core.array_types import Bytes
from core.drawing.other_formats import export_advice
from core.drawing.to_mnist import SMALLEST
from core.errors import DigitLabError

LARGEST_FILE = 30_000_000
"""Maximum size of a file in bytes."""

LONGEST = 9_000
"""Maximum longer side in pixels; the largest phone photos have 8,160."""

LARGEST_DECODED = 16_000_000
"""Maximum number of decoded pixels; only JPEG can be decoded at a half, a quarter or an eighth of its size."""

KEPT = 1_600
"""Larger pictures are reduced to this many pixels a side, which is enough for any digit."""

MOST_GAIN = 8
"""Maximum factor for the contrast of 16-bit pictures, so that the grain of an empty sheet stays faint."""

_FORMATS = ("PNG", "JPEG", "WEBP")


class UnreadablePicture(DigitLabError):
    """The file is not a readable picture of a digit."""


def read_picture(content: bytes) -> Bytes:
    """The picture as displayed, rotated by its EXIF orientation, uint8 (H, W, 4) with sides of 28 to 1600 pixels.

    Raises UnreadablePicture for anything but a still PNG, JPEG or WebP of acceptable size, whatever its name.
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
    except Exception:  # a damaged picture can raise a dozen different errors
        raise UnreadablePicture("drawing.damaged") from None


def _check(picture: Image.Image) -> None:
    width, height = picture.size
    # a phone's JPEG may also hold two frames, the first of which is the photo
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
    # Pillow clips 16-bit gray at 255, and keeps the upper 8 of 16 bits of color
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


def _eight_bits(gray: NDArray[Any]) -> Bytes:
    """Convert integers below 2^16 to 8 bits: exactly if each repeats 8 bits twice, else stretched."""
    if np.array_equal(gray >> 8, gray & 255):
        return gray.astype(np.uint8)
    return _stretched(gray)


def _stretched(values: NDArray[Any], low: int | None = None) -> Bytes:
    """Scale to 8 bits, from `low` (default: the minimum) to the maximum, so that 12-bit values in 16 bits work too."""
    high = int(values.max())
    low = int(values.min()) if low is None else low
    span = max(high - low, -(-high // MOST_GAIN), 1)
    # a lookup table, because a photo has more pixels than there are values
    table = np.clip(np.round((np.arange(high + 1) - low) * (255 / span)), 0, 255).astype(np.uint8)
    return table[values]
