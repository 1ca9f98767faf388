"""IDX files, gzipped or not: the format of MNIST's original four (Y. LeCun, yann.lecun.com/exdb/mnist)."""

import gzip
import math
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from core.data.readers.array_source import ArraySource, PartArrays
from core.data.readers.image_arrays import image_axes
from core.data.readers.source import Part, UnreadableData, check_count, rows_per_piece

_TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_TEST_WORDS, _VALIDATION_WORDS = ("t10k", "test", "eval"), ("valid",)


class _Header(NamedTuple):
    path: Path
    type: np.dtype[Any]
    shape: tuple[int, ...]


class _Pair(NamedTuple):
    part: Part
    images: _Header
    labels: _Header


class IdxSource(ArraySource):
    """Pairs of IDX files, one with images and one with labels, matched by their names."""

    kind = "idx"

    def __init__(self, paths: Sequence[Path], *, transposed: bool | None = None) -> None:
        """`transposed` says whether rows and columns are exchanged, as in EMNIST, which is known by its name.

        Raises UnreadableData.
        """
        headers = [header for path in paths if (header := idx_header(path))]
        self._pairs = _pairs(headers)
        names = [pair.images.path.name.lower() for pair in self._pairs]
        self._transposed = any(name.startswith("emnist") for name in names) if transposed is None else transposed
        self.count = sum(pair.images.shape[0] for pair in self._pairs)
        check_count(self.count)

    def parts(self) -> Iterator[PartArrays]:
        for pair in self._pairs:
            yield PartArrays(pair.part, self._images(pair.images), partial(_whole, pair.labels))

    def _images(self, header: _Header) -> Iterator[NDArray[Any]]:
        each, order = image_axes(header.shape)
        for block in _blocks(header, math.prod(header.shape[1:])):
            images = block.reshape(-1, *each).transpose(order)
            yield images.swapaxes(1, 2) if self._transposed else images


def idx_header(path: Path) -> _Header | None:
    """The header of an IDX file, None if it is another kind of file."""
    try:
        with _opened(path) as file:
            start = file.read(4)
            if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in _TYPES or not 1 <= start[3] <= 4:
                return None
            sizes = file.read(4 * start[3])
    except Exception:  # gzip and zlib fail in several ways
        return None
    shape = tuple(int(size) for size in np.frombuffer(sizes[: len(sizes) // 4 * 4], ">u4"))
    return _Header(path, np.dtype(_TYPES[start[2]]), shape) if len(shape) == start[3] else None


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path)) if zipped else path.open("rb")


def _whole(labels: _Header) -> NDArray[Any]:
    return np.concatenate([*_blocks(labels, 1)])


def _blocks(header: _Header, numbers_each: int) -> Iterator[NDArray[Any]]:
    """The file's numbers, as many images or labels at a time as fit; raises UnreadableData if some are missing."""
    count = header.shape[0]
    bytes_each = header.type.itemsize * numbers_each
    rows = rows_per_piece(bytes_each)
    try:
        with _opened(header.path) as file:
            file.read(4 + 4 * len(header.shape))
            for start in range(0, count, rows):
                size = min(rows, count - start) * bytes_each
                content = file.read(size)
                if len(content) != size:
                    raise EOFError
                yield np.frombuffer(content, header.type)
            if file.read(1):
                raise EOFError
    except Exception:  # gzip and zlib fail in several ways
        raise UnreadableData("data_add.damaged", name=header.path.name) from None


def _pairs(headers: list[_Header]) -> list[_Pair]:
    images = [header for header in headers if len(header.shape) >= 3]
    labels = [header for header in headers if len(header.shape) == 1]
    pairs = []
    for header in images:
        beside = _beside(header, labels, alone=len(images) == len(labels) == 1)
        if beside is None:
            raise UnreadableData("data_add.idx_pair", name=header.path.name)
        image_axes(header.shape)
        if header.shape[0] != beside.shape[0]:
            told = {"images": header.shape[0], "labels": beside.shape[0]}
            raise UnreadableData("data_add.lengths", name=header.path.name, other=beside.path.name, **told)
        pairs.append(_Pair("" if len(images) == 1 else _part(header.path.name), header, beside))
    if not pairs:
        raise UnreadableData("data_add.idx_none")
    if len({pair.part for pair in pairs}) < len(pairs):
        names = [pair.images.path.name for pair in pairs]
        raise UnreadableData("data_add.several_sets", names=names[:150])
    return sorted(pairs, key=lambda pair: ("", "train", "validation", "test").index(pair.part))


def _beside(images: _Header, labels: list[_Header], *, alone: bool) -> _Header | None:
    """The labels of these images: `train-labels-idx1-ubyte.gz` of `train-images-idx3-ubyte`, zipped or not."""
    wanted = _stem(images.path.name).replace("images", "labels").replace("idx3", "idx1").replace("idx4", "idx1")
    found = [header for header in labels if header.path.parent == images.path.parent]
    return next((header for header in found if _stem(header.path.name) == wanted), labels[0] if alone else None)


def _stem(name: str) -> str:
    return name.lower().removesuffix(".gz").replace(".idx", "-idx")


def _part(name: str) -> Part:
    lower = name.lower()
    if any(word in lower for word in _TEST_WORDS):
        return "test"
    return "validation" if any(word in lower for word in _VALIDATION_WORDS) else "train"
