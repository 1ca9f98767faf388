"""Many images in a single PNG, which the browser cuts apart into squares."""

from base64 import b64encode
from io import BytesIO

import numpy as np
from PIL import Image

from core.array_types import Bytes

_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def sprite(images: Bytes, *, ink: bool = True) -> bytes:
    """An 8-bit PNG of images uint8 (n, height, width), or with 3 channels, in a row of squares.

    An image that is not square has a margin: blank for `ink`, where 0 is paper, else transparent. Raises ValueError for
    any other array, or if there are no images.
    """
    return sheet(images, len(images), ink=ink)


def sheet(images: Bytes, columns: int, *, ink: bool = True) -> bytes:
    """The same in rows of this many: browsers draw no picture that is more than 32,767 pixels wide."""
    known = images.ndim == 3 or (images.ndim == 4 and images.shape[3] == 3)
    if not known or images.dtype != "uint8" or not images.size:
        raise ValueError(f"no images to draw in {images.dtype} {images.shape}")
    count, height, width = images.shape[:3]
    side, rows = max(height, width), -(-count // columns)
    values = images.reshape(count, height, width, -1)
    if not ink and height != width:
        values = np.concatenate([values, np.full((count, height, width, 1), 255, np.uint8)], axis=3)
    channels = values.shape[3]
    top, left = (side - height) // 2, (side - width) // 2
    filled = np.zeros((rows * columns, side, side, channels), np.uint8)
    filled[:count, top : top + height, left : left + width] = values
    picture = filled.reshape(rows, columns, side, side, channels).transpose(0, 2, 1, 3, 4)
    pixels = picture.reshape(rows * side, columns * side, channels)
    png = BytesIO()
    Image.fromarray(pixels[..., 0] if channels == 1 else pixels, _MODES[channels]).save(png, "PNG")
    return png.getvalue()


def sprite_uri(images: Bytes, *, ink: bool = True) -> str:
    """The PNG of `sprite` as a data: URI; raises ValueError as it does."""
    return _uri(sprite(images, ink=ink))


def sheet_uri(images: Bytes, columns: int, *, ink: bool = True) -> str:
    """The PNG of `sheet` as a data: URI; raises ValueError as it does."""
    return _uri(sheet(images, columns, ink=ink))


def image_uris(images: Bytes, *, ink: bool, dark: bool) -> list[str]:
    """A data: URI for each image; of `ink`, bright on black on a `dark` page, else black on white."""
    shown = 255 - images if ink and not dark else images
    return [sprite_uri(image[None], ink=False) for image in shown]


def _uri(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode()}"
