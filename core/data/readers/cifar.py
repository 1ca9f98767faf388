"""CIFAR-10's binary files: a byte for the label and 3 × 32 × 32 for the image (A. Krizhevsky, 2009).

The Python version of the same data is pickled, and so is never read.
"""

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from core.data.readers.source import Look, Part, Piece, Source, UnreadableData

_ROW = 1 + 3 * 32 * 32
_NAMES = "batches.meta.txt"
_TOGETHER = 2_000


class CifarSource(Source):
    """The archive `cifar-10-binary.tar.gz`."""

    kind = "cifar"
    shuffled = False

    def __init__(self, path: Path) -> None:
        """Raises UnreadableData."""
        self._path = path
        self.count = 0
        try:
            with tarfile.open(path) as archive:
                for member in archive:
                    if _part(member):
                        self.count += member.size // _ROW
                    elif (
                        member.isfile() and member.name.endswith(f"/{_NAMES}") and (file := archive.extractfile(member))
                    ):
                        self.class_names = tuple(file.read(1_000).decode("ascii", "replace").split())
        except (tarfile.TarError, OSError, EOFError, ValueError):
            raise UnreadableData("data_add.damaged", name=path.name) from None
        if not self.count:
            raise UnreadableData("data_add.no_images")

    def look(self) -> Look:
        look = Look()
        for piece in self.pieces(0):
            look.add(piece.images)
            break
        return look

    def pieces(self, target: int) -> Iterator[Piece]:  # noqa: ARG002 all are of one size
        try:
            with tarfile.open(self._path) as archive:
                for member in archive:
                    part = _part(member)
                    if part and (file := archive.extractfile(member)):
                        yield from _rows(file, part)
        except (tarfile.TarError, OSError, EOFError, ValueError):
            raise UnreadableData("data_add.damaged", name=self._path.name) from None


def _rows(file: IO[bytes], part: Part) -> Iterator[Piece]:
    while content := file.read(_TOGETHER * _ROW):
        rows = np.frombuffer(content, np.uint8).reshape(-1, _ROW)
        images = rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        yield Piece(images, rows[:, 0].astype(np.int64), part)


def _part(member: tarfile.TarInfo) -> Part:
    name = member.name.rpartition("/")[2]
    if not member.isfile() or not name.endswith(".bin") or member.size > 100 * 1_000_000:
        return ""
    return "test" if name.startswith("test") else "train" if name.startswith("data_batch") else ""
