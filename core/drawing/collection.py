"""A user's labeled drawings: a folder of PNG files, named by time, label and a random part."""

import io
import os
import re
import secrets
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from PIL import Image

from core.array_types import Bytes, Floats
from core.drawing.ink import LONGEST
from core.drawing.pictures import KEPT
from core.drawing.to_mnist import to_mnist
from core.errors import DigitLabError, reason_of
from core.files import Version, replacing, version_of
from core.places import ROOT, named_place

LARGEST_FILE = 12_000_000
"""Bytes; a picture of 1600 × 1600 random pixels takes 10.3 million."""

MARGIN = 14
"""Pixels; the widest border from which the background of a drawing of up to 1000 pixels is determined."""

_VISITORS = ".visitors"
"""Hidden, so that it is not listed as a drawing in its parent folder."""
_NAME = re.compile(r"(20[0-9]{6})-([0-9]{6})-([0-9])-[0-9a-f]{6}\.png")
_MODES = ("L", "LA", "RGBA")


def default_drawings_dir() -> Path:
    """The folder for drawings: DIGIT_LAB_DRAWINGS, or `drawings` beside the product."""
    return named_place("DIGIT_LAB_DRAWINGS", ROOT / "drawings")


def drawings_dir_of(visitor: str) -> Path:
    """The folder for a visitor's drawings, named by a digest; for an empty one, the shared folder."""
    return default_drawings_dir() / _VISITORS / visitor if visitor else default_drawings_dir()


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A kept drawing: `created` in seconds since 1970, `digit` in MNIST's format, float32 (28, 28) in 0..1.

    The same object is returned as long as the file does not change.
    """

    id: str
    label: int
    created: float
    digit: Floats

    @property
    def image(self) -> Bytes:
        """The digit in the format of data sets, uint8 (28, 28), with 0 as paper and 255 as ink."""
        return np.rint(255 * self.digit).astype(np.uint8)


class Collection:
    """All drawings of a folder that other processes may change at any time; each version of a file is read once."""

    def __init__(self, folder: Path | None = None, *, most: int = 0) -> None:
        self.folder = folder or default_drawings_dir()
        self._most = most
        """Maximum number of drawings; 0 for no limit."""
        self.skipped = 0
        """Files and folders that the last listing could not use, not counting hidden ones."""
        self._read: dict[str, tuple[Version, Kept | None]] = {}

    def add(self, rgba: Bytes, label: int) -> Kept:
        """Keep a drawing, uint8 (H, W, 4) with sides of 28 to 1600 pixels, labeled with a digit from 0 to 9.

        Raises EmptyDrawing if there is no ink, ValueError for any other array or label, and DigitLabError if the
        folder is full or not writable.
        """
        if label not in range(10) or max(rgba.shape) > KEPT:
            raise ValueError(f"a drawing of a digit has at most {KEPT} points a side, not {label} on {rgba.shape}")
        digit = to_mnist(rgba)
        if self._most and len(self.drawings()) >= self._most:
            raise DigitLabError("collection.full", most=self._most)
        now = time.time_ns()
        stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now // 10**9))
        path = self.folder / f"{stamp}-{int(label)}-{secrets.token_hex(3)}.png"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing(path) as draft:
                # reads twice as fast as the default level and costs only 2 KB
                _picture(rgba).save(draft, "PNG", compress_level=1)
                # the file system's clock is too coarse to order two drawings
                os.utime(draft, ns=(now, now))
                version = version_of(draft.stat())
        except OSError as error:
            raise self._refused("unwritable", error) from None
        kept = _kept(path.name, version, digit)
        self._read[path.name] = (version, kept)
        return kept

    def drawings(self) -> list[Kept]:
        """All readable drawings, newest first; raises DigitLabError if the folder cannot be read."""
        read: dict[str, tuple[Version, Kept | None]] = {}
        skipped = 0
        for entry in self._entries():
            try:
                version = version_of(entry.stat(follow_symlinks=False))
                known = self._read.get(entry.name)
                if known is None or known[0] != version:
                    known = (version, _read(entry, version))
                read[entry.name] = known
                skipped += known[1] is None
            except FileNotFoundError:
                pass  # deleted meanwhile
            except OSError:
                skipped += 1
        self._read, self.skipped = read, skipped
        return sorted((kept for _, kept in read.values() if kept), key=lambda kept: (-kept.created, kept.id))

    def delete(self, ids: Iterable[str]) -> None:
        """Delete those of these drawings that still exist; raises DigitLabError if one cannot be deleted."""
        mine = {kept.id for kept in self.drawings()}
        for gone in mine.intersection(ids):
            try:
                self._path(gone).unlink(missing_ok=True)
            except OSError as error:
                raise self._refused("not_deleted", error) from None

    def digits(self) -> tuple[Floats, Bytes]:
        """Images float32 (n, 28, 28) in 0..1 and labels uint8 (n,), oldest first; raises DigitLabError."""
        oldest_first = self.drawings()[::-1]
        images = np.zeros((len(oldest_first), 28, 28), np.float32)
        for image, kept in zip(images, oldest_first, strict=True):
            image[:] = kept.digit
        return images, np.array([kept.label for kept in oldest_first], np.uint8)

    def to_npz(self) -> bytes:
        """A Keras-style data set: `x` uint8 (n, 28, 28) and `y` uint8 (n,), oldest first; raises DigitLabError."""
        images, labels = self.digits()
        file = io.BytesIO()
        np.savez_compressed(file, x=np.rint(255 * images).astype(np.uint8), y=labels)
        return file.getvalue()

    def to_png_zip(self) -> bytes:
        """The original drawings as PNG files named by label and id; raises DigitLabError."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for kept in reversed(self.drawings()):
                try:
                    content = self._path(kept.id).read_bytes()
                except FileNotFoundError:
                    continue  # deleted meanwhile
                except OSError as error:
                    raise self._refused("unreadable", error) from None
                drawn = time.gmtime(kept.created)[:6]
                archive.writestr(zipfile.ZipInfo(f"{kept.label}-{kept.id}.png", drawn), content)
        return file.getvalue()

    def _path(self, drawing: str) -> Path:
        return self.folder / f"{drawing}.png"

    def _entries(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.folder) as entries:
                return [entry for entry in entries if not entry.name.startswith(".")]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._refused("unreadable", error) from None

    def _refused(self, what: str, error: OSError) -> DigitLabError:
        return DigitLabError(f"collection.{what}", folder=self.folder, reason=reason_of(error))


def _read(entry: os.DirEntry[str], version: Version) -> Kept | None:
    """The drawing in this file, None if it does not contain one; raises OSError."""
    if not _NAME.fullmatch(entry.name) or not entry.is_file(follow_symlinks=False) or version[2] > LARGEST_FILE:
        return None
    content = Path(entry.path).read_bytes()
    try:
        return _kept(entry.name, version, to_mnist(_decoded(content)))
    except Exception:  # a damaged picture can raise a dozen different errors
        return None


def _kept(name: str, version: Version, digit: Floats) -> Kept:
    """Raises ValueError if the time in the name is invalid."""
    found = _NAME.fullmatch(name)
    assert found
    second = datetime.fromisoformat(f"{found[1]}T{found[2]}Z").timestamp()
    written = version[1] / 10**9
    digit.setflags(write=False)
    # copying a file keeps its name but changes its time
    return Kept(name.removesuffix(".png"), int(found[3]), written if int(written) == second else second, digit)


def _picture(rgba: Bytes) -> Image.Image:
    """The drawing without redundant channels, which take most of the time to read."""
    gray = (rgba[..., :3] == rgba[..., :1]).all()
    opaque = (rgba[..., 3] == 255).all()
    return Image.fromarray(np.ascontiguousarray(rgba[..., 0] if gray and opaque else rgba[..., ::3] if gray else rgba))


def _decoded(content: bytes) -> Bytes:
    """A drawing uint8 (H, W, 4) that gives the same digit as this PNG; may raise nearly any exception."""
    with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
        if getattr(picture, "n_frames", 1) > 1 or picture.mode not in _MODES or max(picture.size) > KEPT:
            raise ValueError("no drawing of ours")
        return np.asarray(Image.fromarray(_trimmed(np.asarray(picture))).convert("RGBA"))


def _trimmed(drawing: Bytes) -> Bytes:
    """The drawing, uint8 (H, W) or (H, W, 2 or 4), without most of its empty background.

    Gives exactly the same digit in half the time.
    """
    height, width, *_ = drawing.shape
    if max(height, width) > LONGEST:
        return drawing
    # all channels of a pixel as one number
    points = np.ascontiguousarray(drawing).view(f"u{drawing[0, 0].size}").reshape(height, width)
    drawn = points != points[0, 0]
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not len(rows):
        return drawing
    top, left = int(rows[0]) - MARGIN, int(columns[0]) - MARGIN
    bottom, right = int(rows[-1]) + 1 + MARGIN, int(columns[-1]) + 1 + MARGIN
    if min(top, left, height - bottom, width - right) < 0:
        return drawing
    trimmed = drawing[top:bottom, left:right]
    # a mostly opaque picture would be taken for a sheet of paper
    clear = drawing.ndim == 3 and drawing.shape[2] in (2, 4) and drawing[0, 0, -1] == 0
    return drawing if clear and (trimmed[..., -1] == 255).mean() > 0.5 else trimmed
