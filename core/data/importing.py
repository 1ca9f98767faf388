"""From a source to a data set's four arrays on disk, a piece at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.data.arrays import Arrays
from core.data.form import Form, Wish
from core.data.label_encoder import NONE, LabelEncoder
from core.data.partition import PARTS, Partition, partitioned
from core.data.readers.source import Look, Skipped, Source, UnreadableData
from core.text import Message

MOST_LISTED = 50
"""Skipped files that are listed by name."""
TEST_SHARE = 0.2
_BLOCK = 8_000_000
_SPOOL = "images.raw"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose for a data set; the defaults ask nothing."""

    wish: Wish = field(default_factory=Wish)
    share: float = TEST_SHARE
    """Of each class, for the test, where the source has no test part."""
    seed: int = 1
    most_bytes: int = 0
    """Of the images as they are kept; 0 for no limit."""

    def __post_init__(self) -> None:
        if not 0.01 <= self.share <= 0.9:
            raise UnreadableData("data_add.bad_share")


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """The images of a source as arrays in a folder, and what reading them has shown."""

    form: Form
    classes: tuple[str, ...]
    partition: Partition
    look: Look
    skipped: tuple[Skipped, ...]
    """The first of what was skipped."""
    skipped_count: int
    unlabeled: int
    """Images whose label cannot be used."""
    notes: tuple[Message, ...]
    kind: str
    seed: int


@dataclass(slots=True)
class _Pass:
    """What one reading of the source has collected."""

    encoder: LabelEncoder
    codes: list[NDArray[np.int16]] = field(default_factory=list)
    parts: list[NDArray[np.uint8]] = field(default_factory=list)
    groups: list[NDArray[np.int64]] = field(default_factory=list)
    group_numbers: dict[str, int] = field(default_factory=dict)
    look: Look = field(default_factory=Look)
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0
    count: int = 0

    def groups_of(self, names: Any, count: int) -> NDArray[np.int64]:
        """Numbers for groups; an image without one is a group of its own, below zero."""
        if not len(names):
            return -np.arange(self.count + 1, self.count + count + 1)
        numbers = [self.group_numbers.setdefault(name, len(self.group_numbers)) if name else NONE for name in names]
        each = np.array(numbers, np.int64)
        alone = -np.arange(self.count + 1, self.count + count + 1)
        return np.where(each == NONE, alone, each)


def import_images(source: Source, choices: Choices, folder: Path, report: Callable[[float], None]) -> Imported:
    """Write the four arrays of a source into an empty folder; `report` is called with the share that is done.

    Reads the source again if its images turn out to be of another kind than its first ones. Raises UnreadableData.
    """
    form = Form.chosen(source.look(), choices.wish)
    for _ in range(3):
        read = _read(source, form, choices, folder / _SPOOL, report)
        better = Form.chosen(read.look, choices.wish)
        if better == form:
            break
        form = better
    if not read.count:
        raise UnreadableData("data_add.nothing_read", count=read.skipped_count)
    codes, parts = np.concatenate(read.codes), np.concatenate(read.parts)
    usable = np.flatnonzero(codes != NONE)
    classes, table = read.encoder.classes()
    labels = table[codes[usable]]
    groups = np.concatenate(read.groups)[usable] if read.group_numbers else None
    partition = partitioned(
        labels, parts[usable], groups, share=choices.share, seed=choices.seed, sorted_files=source.shuffled
    )
    if not len(partition.train) or not len(partition.test):
        raise UnreadableData("data_add.few_images", count=len(usable))
    spool = np.memmap(folder / _SPOOL, np.uint8, "r", shape=(read.count, *form.shape))
    for part, indices in (("train", partition.train), ("test", partition.test)):
        _write(folder / f"{part}_images.npy", spool, usable[indices])
        np.save(folder / f"{part}_labels.npy", labels[indices], allow_pickle=False)
    del spool
    (folder / _SPOOL).unlink()
    return Imported(
        form,
        classes,
        partition,
        read.look,
        tuple(read.skipped),
        read.skipped_count,
        len(codes) - len(usable),
        source.notes,
        source.kind,
        choices.seed,
    )


def open_arrays(folder: Path) -> Arrays:
    """The arrays in a folder as read-only memory maps."""
    return Arrays(*(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in Arrays._fields))


def _read(source: Source, form: Form, choices: Choices, spool: Path, report: Callable[[float], None]) -> _Pass:
    """Read the source once, with the images in this form one after the other in the file."""
    read = _Pass(LabelEncoder(source.class_names))
    size, done = int(np.prod(form.shape)), 0
    if choices.most_bytes and source.count * size > choices.most_bytes:
        limit, needed = choices.most_bytes // 1_000_000, source.count * size // 1_000_000
        raise UnreadableData("data_add.too_large", limit=limit, needed=needed)
    with spool.open("wb") as file:
        for piece in source.pieces(max(form.height, form.width)):
            count = len(piece.images)
            done += count + len(piece.skipped)
            read.skipped_count += len(piece.skipped)
            read.skipped += piece.skipped[: MOST_LISTED - len(read.skipped)]
            if count:
                if len(piece.labels) != count:
                    raise UnreadableData("data_add.few_labels")
                read.look.add(piece.images, piece.sizes)
                file.write(np.ascontiguousarray(form.apply(piece.images)).data)
                read.codes.append(read.encoder.codes(piece.labels))
                read.parts.append(np.full(count, PARTS.index(piece.part), np.uint8))
                read.groups.append(read.groups_of(piece.groups, count))
                read.count += count
            report(min(1.0, done / max(1, source.count)))
    return read


def _write(path: Path, spool: NDArray[np.uint8], indices: NDArray[Any]) -> None:
    """Write these of the images as an .npy file, a block at a time."""
    shape = (len(indices), *spool.shape[1:])
    together = max(1, _BLOCK // max(1, int(np.prod(spool.shape[1:]))))
    with path.open("wb") as file:
        npy.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
        for start in range(0, len(indices), together):
            file.write(np.ascontiguousarray(spool[indices[start : start + together]]).data)
