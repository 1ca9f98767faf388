"""Many digits (or other square pictures) in a single PNG, which the browser cuts apart."""

from base64 import b64encode
from io import BytesIO

from PIL import Image

from core.array_types import Bytes

SIDE = 28
"""Pixels along each side of a digit."""


def sprite(images: Bytes) -> bytes:
    """An 8-bit gray PNG of images uint8 (n, side, side) in a row, n × side wide, with 0 as paper and 255 as ink.

    Raises ValueError for any other array, or if there are no images.
    """
    square = images.ndim == 3 and images.shape[1] == images.shape[2]
    if not square or images.dtype != "uint8" or not images.size:
        raise ValueError(f"no digits to draw in {images.dtype} {images.shape}")
    png = BytesIO()
    Image.fromarray(images.transpose(1, 0, 2).reshape(images.shape[1], -1)).save(png, "PNG")
    return png.getvalue()


def sprite_uri(images: Bytes) -> str:
    """The same PNG as a data: URI; raises ValueError as `sprite` does."""
    return f"data:image/png;base64,{b64encode(sprite(images)).decode()}"
