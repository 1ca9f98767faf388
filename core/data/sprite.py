"""Many digits, or other square pictures, in one small picture, for a browser to cut up."""

from base64 import b64encode
from io import BytesIO

from PIL import Image

from core.data.arrays import Bytes

SIDE = 28
"""Pixels along each side of a digit."""


def sprite(images: Bytes) -> bytes:
    """One PNG, 8-bit gray, of uint8 (n, side, side) side by side: n × side wide, side high, 0 paper and 255 ink.

    Raises ValueError for any other array, and where there is no image.
    """
    square = images.ndim == 3 and images.shape[1] == images.shape[2]
    if not square or images.dtype != "uint8" or not images.size:
        raise ValueError(f"no digits to draw in {images.dtype} {images.shape}")
    png = BytesIO()
    Image.fromarray(images.transpose(1, 0, 2).reshape(images.shape[1], -1)).save(png, "PNG")
    return png.getvalue()


def sprite_uri(images: Bytes) -> str:
    """The same PNG as a data: URI; raises ValueError as sprite does."""
    return f"data:image/png;base64,{b64encode(sprite(images)).decode()}"
