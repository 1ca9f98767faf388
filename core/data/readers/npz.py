"""NumPy's .npz files: `x_train, y_train, x_test, y_test`, `x, y`, Keras's, MedMNIST's and scikit-learn's names."""

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.data.readers.array_source import ArraySource, PartArrays
from core.data.readers.image_arrays import image_axes
from core.data.readers.source import Part, UnreadableData, check_count, rows_per_piece
from core.text import Message

_PAIRS: tuple[tuple[Part, tuple[str, ...], tuple[str, ...]], ...] = (
    ("train", ("x_train", "train_images", "train_x", "X_train"), ("y_train", "train_labels", "train_y", "Y_train")),
    (
        "validation",
        ("x_val", "val_images", "x_valid", "X_val", "x_validation"),
        ("y_val", "val_labels", "y_valid", "Y_val", "y_validation"),
    ),
    ("test", ("x_test", "test_images", "test_x", "X_test"), ("y_test", "test_labels", "test_y", "Y_test")),
    ("", ("x", "X", "images", "data", "arr_0"), ("y", "Y", "labels", "target", "targets", "arr_1")),
)
_NAMES = ("class_names", "classes", "label_names", "target_names")
_NAMED = 8
"""The most names that an error tells."""
_LARGEST_LABELS = 200_000_000
"""Bytes of an array of labels, which is read as a whole: a million one-hot rows of 25 numbers."""
_MOST_BYTES = 400_000_000_000


class _Member(NamedTuple):
    """An array in the file, known by its header."""

    name: str
    shape: tuple[int, ...]
    fortran: bool
    type: np.dtype[Any]


class _Pair(NamedTuple):
    part: Part
    images: _Member
    labels: _Member


class NpzSource(ArraySource):
    """The images of an .npz, read as a stream: even a million of them take little memory."""

    kind = "npz"

    def __init__(self, path: Path) -> None:
        """Raises UnreadableData; pickled objects are never read."""
        self._stack = ExitStack()
        try:
            self._zip = self._stack.enter_context(zipfile.ZipFile(path))
            members = {
                name: _member(self._zip, name)
                for name in [entry.removesuffix(".npy") for entry in self._zip.namelist() if entry.endswith(".npy")]
            }
            self._pairs = _pairs(members)
            self.class_names = self._names(members)
            self.notes = self._extra_parts(members)
        except UnreadableData:
            self._stack.close()
            raise
        except Exception:  # a damaged archive can raise a dozen different errors
            self._stack.close()
            raise UnreadableData("data_add.damaged", name=path.name) from None
        self.count = sum(pair.images.shape[0] for pair in self._pairs)

    def close(self) -> None:
        self._stack.close()

    def parts(self) -> Iterator[PartArrays]:
        for pair in self._pairs:
            yield PartArrays(pair.part, self._images(pair.images), partial(self._whole, pair.labels))

    def _images(self, member: _Member) -> Iterator[NDArray[Any]]:
        each, order = image_axes(member.shape)
        count = member.shape[0]
        if member.fortran:
            # such an array has its images interleaved, so nothing less than all of it gives the first one
            whole = self._whole(member, limit=PIECEWISE_LIMIT)
            rows = rows_per_piece(whole[:1].nbytes)
            for start in range(0, count, rows):
                yield whole[start : start + rows].reshape(-1, *each).transpose(order)
            return
        bytes_each = member.type.itemsize * int(np.prod(member.shape[1:], dtype=np.int64))
        rows = rows_per_piece(bytes_each)
        with self._opened(member) as file:
            for start in range(0, count, rows):
                n = min(rows, count - start)
                content = _exactly(file, n * bytes_each, member)
                yield np.frombuffer(content, member.type).reshape(n, *each).transpose(order)

    def _whole(self, member: _Member, limit: int = _LARGEST_LABELS) -> NDArray[Any]:
        size = member.type.itemsize * int(np.prod(member.shape, dtype=np.int64))
        if size > limit:
            raise UnreadableData("data_add.large_array", name=member.name, limit=limit // 1_000_000)
        with self._opened(member) as file:
            flat = np.frombuffer(_exactly(file, size, member), member.type)
        return flat.reshape(member.shape, order="F" if member.fortran else "C")

    def _opened(self, member: _Member) -> IO[bytes]:
        file = self._zip.open(f"{member.name}.npy")
        _header(file, member.name)
        return file

    def _names(self, members: dict[str, _Member]) -> tuple[str, ...]:
        for name in _NAMES:
            if (member := members.get(name)) and member.type.kind in "US" and len(member.shape) == 1:
                return tuple(map(str, self._whole(member, limit=1_000_000)))
        return ()

    def _extra_parts(self, members: dict[str, _Member]) -> tuple[Message, ...]:
        used = {member.name for pair in self._pairs for member in (pair.images, pair.labels)} | set(_NAMES)
        unused = sorted(members.keys() - used)
        return (Message("data_add.unused", names=unused[:_NAMED]),) if unused else ()


PIECEWISE_LIMIT = 200_000_000
"""Bytes of an array in Fortran's order."""


def _member(archive: zipfile.ZipFile, name: str) -> _Member:
    with archive.open(f"{name}.npy") as file:
        shape, fortran, kind = _header(file, name)
    size = kind.itemsize * int(np.prod(shape, dtype=object))
    # the size that the zip states; a file that claims more than it has ends early, and is then refused
    if size > _MOST_BYTES:
        raise UnreadableData("data_add.large_array", name=name, limit=_MOST_BYTES // 1_000_000)
    return _Member(name, shape, fortran, kind)


def _header(file: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = npy.read_magic(file)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, kind = read(file)
    if kind.hasobject:
        raise UnreadableData("data_add.pickled", name=name)
    return shape, fortran, kind


def _pairs(members: dict[str, _Member]) -> list[_Pair]:
    pairs: list[_Pair] = []
    for part, images, labels in _PAIRS:
        found = next((members[name] for name in images if name in members), None)
        beside = next((members[name] for name in labels if name in members), None)
        if found is None or beside is None or (part == "" and pairs):
            continue
        if found.type.kind not in "buif":
            raise UnreadableData("data_add.image_type", name=found.name, type=str(found.type))
        image_axes(found.shape)
        if not beside.shape or found.shape[0] != beside.shape[0]:
            told = {"images": found.shape[0], "labels": beside.shape[0] if beside.shape else 1}
            raise UnreadableData("data_add.lengths", name=found.name, other=beside.name, **told)
        pairs.append(_Pair(part, found, beside))
    if not any(pair.images.shape[0] for pair in pairs):
        raise UnreadableData("data_add.npz_names", names=sorted(members)[:_NAMED] or "–")
    check_count(sum(pair.images.shape[0] for pair in pairs))
    return pairs


def _exactly(file: IO[bytes], size: int, member: _Member) -> bytes:
    try:
        content = file.read(size)
    except Exception:  # zlib and the zip's checksums fail in several ways
        content = b""
    if len(content) != size:
        raise UnreadableData("data_add.damaged", name=f"{member.name}.npy")
    return content
