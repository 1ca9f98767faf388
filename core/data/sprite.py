"""Many digits (or other square pictures) in a single PNG, which the browser cuts apart."""

from base64 import b64encode
from io import BytesIO

import numpy as np
from PIL import Image

from core.array_types import Bytes

SIDE = 28
"""Pixels along each side of a digit."""


def sprite(images: Bytes) -> bytes:
    """An 8-bit gray PNG of images uint8 (n, side, side) in a row, n × side wide, with 0 as paper and 255 as ink.

    Raises ValueError for any other array, or if there are no images.
    """
    return sheet(images, len(images))


def sheet(images: Bytes, columns: int) -> bytes:
    """The same in rows of this many: browsers draw no picture that is more than 32,767 pixels wide."""
    square = images.ndim == 3 and images.shape[1] == images.shape[2]
    if not square or images.dtype != "uint8" or not images.size:
        raise ValueError(f"no digits to draw in {images.dtype} {images.shape}")
    side, rows = images.shape[1], -(-len(images) // columns)
    filled = np.zeros((rows * columns, side, side), np.uint8)
    filled[: len(images)] = images
    picture = filled.reshape(rows, columns, side, side).transpose(0, 2, 1, 3).reshape(rows * side, columns * side)
    png = BytesIO()
    Image.fromarray(picture).save(png, "PNG")
    return png.getvalue()


def sprite_uri(images: Bytes) -> str:
    """The PNG of `sprite` as a data: URI; raises ValueError as it does."""
    return _uri(sprite(images))


def sheet_uri(images: Bytes, columns: int) -> str:
    """The PNG of `sheet` as a data: URI; raises ValueError as it does."""
    return _uri(sheet(images, columns))


def digit_uris(images: Bytes, *, dark: bool) -> list[str]:
    """A data: URI for each digit, uint8 (n, 28, 28): bright on black on a `dark` page, else black on white."""
    return [sprite_uri(image[None]) for image in (images if dark else 255 - images)]


def _uri(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode()}"
