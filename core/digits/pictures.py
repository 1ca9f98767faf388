"""Pictures of digits that a person brings: PNG and JPEG, each checked before anything of it is decoded."""

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from core.digits.drawing import SMALLEST
from core.errors import DigitLabError
from core.words import say

LARGEST_FILE = 30_000_000
"""Bytes."""

LONGEST = 9_000
"""Points of the longer side; the largest phones take photos of 8,160."""

LARGEST_DECODED = 16_000_000
"""Points that are decoded at most: a JPEG can be read at a half, a quarter or an eighth of its size, a PNG cannot."""

KEPT = 1_600
"""A larger picture is reduced to so many points; no digit on it needs more."""

_FORMATS = ("PNG", "JPEG")


class UnreadablePicture(DigitLabError):
    """A file that is no picture of a digit that can be read."""


def read_picture(content: bytes) -> NDArray[np.uint8]:
    """The picture as a person sees it, turned as its camera says, uint8 (H, W, 4), sides from 28 to 1600 points.

    Raises UnreadablePicture for anything but one still PNG or JPEG of a sound size.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadablePicture(say("drawing.large_file", limit=LARGEST_FILE // 1_000_000))
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            _check(picture)
            return np.array(_upright(picture))
    except UnreadablePicture:
        raise
    except UnidentifiedImageError:
        raise UnreadablePicture(say("drawing.no_picture")) from None
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception:  # a damaged picture fails in any of a dozen ways, and each means the same
        raise UnreadablePicture(say("drawing.damaged")) from None


def _check(picture: Image.Image) -> None:
    width, height = picture.size
    # a phone's JPEG may hold two frames too, of which the first is the photo
    if picture.format == "PNG" and getattr(picture, "n_frames", 1) > 1:
        raise UnreadablePicture(say("drawing.animated"))
    if min(width, height) < SMALLEST:
        raise UnreadablePicture(say("drawing.small", width=width, height=height, smallest=SMALLEST))
    picture.draft(None, (1000, 1000))
    if max(width, height) > LONGEST or math.prod(picture.size) > LARGEST_DECODED:
        raise _too_large()
    if min(width, height) * KEPT < SMALLEST * max(width, height):
        raise UnreadablePicture(say("drawing.narrow", width=width, height=height))


def _too_large() -> UnreadablePicture:
    return UnreadablePicture(say("drawing.large", limit=LARGEST_DECODED // 1_000_000))


def _upright(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):
        # Pillow would cut 16 bits off at 255
        upright = Image.fromarray((np.asarray(upright, np.float64) / 257).round().astype(np.uint8))
    colours = upright.convert("RGBA")
    if max(colours.size) > KEPT:
        colours.thumbnail((KEPT, KEPT), Image.Resampling.BOX)
    return colours
