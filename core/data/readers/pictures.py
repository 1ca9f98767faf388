"""Image files of any common format as arrays of bytes: gray or red, green and blue."""

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from core.array_types import Bytes
from core.data.readers.files import Files
from core.data.readers.source import PIECE_BYTES, Skipped
from core.text import Message, one_line

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm", ".pbm")
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
_MOST_PIXELS = 25_000_000
_TOGETHER = 1_024
_ORIENTATION = 0x0112


class Read(NamedTuple):
    """An image, gray or in color, and the height and width that its file has; None and why it was not read."""

    image: Image.Image | None
    size: tuple[int, int] = (0, 0)
    reason: Message | None = None


def is_picture(name: str) -> bool:
    """Whether a file's name is that of an image."""
    return name.lower().endswith(SUFFIXES)


def read_all(files: Files, names: Iterable[str], target: int) -> Iterator[list[tuple[str, Read]]]:
    """The images of these files, as many at a time as fit into memory."""
    left = iter(names)
    while True:
        together, size = [], 0
        for name in islice(left, _TOGETHER):
            read = read_picture(files, name, target)
            together.append((name, read))
            size += 0 if read.image is None else 3 * read.image.width * read.image.height
            if size > PIECE_BYTES:
                break
        if not together:
            return
        yield together


def read_picture(files: Files, name: str, target: int) -> Read:
    """One image; a JPEG much larger than `target` pixels a side comes reduced."""
    try:
        with Image.open(files.open(name), formats=_FORMATS) as picture:
            width, height = picture.size
            turned = False
            if picture.format == "JPEG":
                if min(width, height) > 4 * target:
                    picture.draft(None, (2 * target, 2 * target))
                turned = picture.getexif().get(_ORIENTATION, 1) != 1
            if math.prod(picture.size) > _MOST_PIXELS:
                return Read(None, reason=Message("data_add.skip.large", limit=_MOST_PIXELS // 1_000_000))
            if not turned:
                return Read(_plain(picture), (height, width))
            upright = ImageOps.exif_transpose(picture)
            sideways = (upright.width > upright.height) != (width > height)
            return Read(_plain(upright), (width, height) if sideways else (height, width))
    except Exception:  # a damaged image can raise a dozen different errors
        return Read(None, reason=Message("data_add.skip.unreadable"))


def picture_size(files: Files, name: str) -> tuple[int, int] | None:
    """Height and width of an image by the start of its file; None if it cannot be read."""
    try:
        with Image.open(files.open(name), formats=_FORMATS) as picture:
            width, height = picture.size
            sideways = picture.format == "JPEG" and picture.getexif().get(_ORIENTATION, 1) >= 5
            return (width, height) if sideways else (height, width)
    except Exception:
        return None


def skipped(name: str, reason: Message) -> Skipped:
    """A file that was left out, by a name that is safe to show."""
    return Skipped(one_line(name)[-100:], reason)


def pixels(images: list[Image.Image]) -> Bytes | list[Bytes]:
    """Images as one array (n, h, w) or (n, h, w, 3) if all are of one size and mode, else as a list of arrays."""
    if len({(image.size, image.mode) for image in images}) != 1:
        return [np.asarray(image) for image in images]
    # in one picture, because each conversion to an array takes as long as opening a small file
    (width, height), mode = images[0].size, images[0].mode
    strip = Image.new(mode, (width, height * len(images)))
    for place, image in enumerate(images):
        strip.paste(image, (0, height * place))
    return np.asarray(strip).reshape(len(images), height, width, *([3] if mode == "RGB" else []))


def _plain(picture: Image.Image) -> Image.Image:
    """The picture in gray or red, green and blue."""
    if picture.mode in ("L", "RGB") and "transparency" not in picture.info:
        picture.load()
        return picture
    if picture.mode.startswith("I"):
        # 16 bits, which Pillow's own conversion would clip
        deep = np.asarray(picture).astype(np.int64)
        return Image.fromarray((deep >> 8 if deep.max(initial=0) > 255 else deep).clip(0, 255).astype(np.uint8))
    if picture.mode in ("LA", "RGBA", "PA", "La", "RGBa") or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")
    return picture.convert("L" if picture.mode in ("1", "F") else "RGB")
