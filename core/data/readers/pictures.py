"""Image files of any common format as arrays of bytes: gray or red, green and blue."""

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, NamedTuple

import numpy as np
from PIL import Image, ImageOps, PngImagePlugin

from core.array_types import Bytes
from core.data.readers.files import Files
from core.data.readers.source import PIECE_BYTES, Images, Skipped
from core.text import Message, one_line

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm", ".pbm")
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
_PNG = b"\x89PNG\r\n\x1a\n"
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


class Together(NamedTuple):
    """Files that were read together: the names, the images and their own sizes of those that are readable."""

    names: list[str]
    images: Images
    sizes: list[tuple[int, int]]
    skipped: tuple[Skipped, ...]


def read_all(files: Files, names: Iterable[str], target: int) -> Iterator[Together]:
    """The images of these files, as many at a time as fit into memory."""
    left = iter(names)
    while True:
        readable, sizes, bad, row, space = list[str](), list[tuple[int, int]](), list[Skipped](), _Row(), 0
        for name in islice(left, _TOGETHER):
            read = read_picture(files, name, target)
            if read.image is None:
                bad.append(skipped(name, read.reason or Message("data_add.skip.unreadable")))
                continue
            readable.append(name)
            sizes.append(read.size)
            row.add(read.image)
            space += 3 * math.prod(read.image.size)
            if space > PIECE_BYTES:
                break
        if not readable and not bad:
            return
        yield Together(readable, row.images(), sizes, tuple(bad))


class _Row:
    """Images in one picture as long as they are alike, since keeping each takes as long as opening it."""

    def __init__(self) -> None:
        self._picture: Image.Image | None = None
        self._size = (0, 0)
        self._count = 0
        self._others: list[Bytes] | None = None

    def add(self, image: Image.Image) -> None:
        if self._picture is None:
            self._size = image.size
            rows = min(_TOGETHER, PIECE_BYTES // (3 * image.width * image.height) + 1)
            self._picture = Image.new(image.mode, (image.width, image.height * rows))
        if self._others is None and (image.size, image.mode) == (self._size, self._picture.mode):
            width, height = self._size
            top = height * self._count
            # without the checks of Image.paste, which take twice as long as pasting
            self._picture.im.paste(image.im, (0, top, width, top + height))
            self._count += 1
            return
        if self._others is None:
            self._others = list(self._alike())
        self._others.append(np.asarray(image))

    def images(self) -> Images:
        """An array (n, h, w) or (n, h, w, 3) if all are of one size and mode, else a list of arrays."""
        return self._alike() if self._others is None else self._others

    def _alike(self) -> Bytes:
        width, height = self._size
        if self._picture is None:
            return np.empty((0, 1, 1), np.uint8)
        whole = np.asarray(self._picture)
        return whole[: height * self._count].reshape(self._count, height, width, *whole.shape[2:])


def read_picture(files: Files, name: str, target: int) -> Read:
    """One image; a JPEG much larger than `target` pixels a side comes reduced."""
    try:
        with _opened(files.open(name)) as picture:
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
        with _opened(files.open(name)) as picture:
            width, height = picture.size
            sideways = picture.format == "JPEG" and picture.getexif().get(_ORIENTATION, 1) >= 5
            return (width, height) if sideways else (height, width)
    except Exception:
        return None


def _opened(file: str | IO[bytes]) -> Image.Image:
    """The image in a file, not decoded yet; raises any of a dozen errors for any other file."""
    if not isinstance(file, str):
        start = file.read(len(_PNG))
        file.seek(0)
        if start == _PNG:
            # trying one format after the other takes a tenth of the time
            return PngImagePlugin.PngImageFile(file)
    return Image.open(file, formats=_FORMATS)


def skipped(name: str, reason: Message) -> Skipped:
    """A file that was left out, by a name that is safe to show."""
    return Skipped(one_line(name)[-100:], reason)


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
