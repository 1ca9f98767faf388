"""The data sets to train on: MNIST, a sample of it, MNIST with drawn digits, and those that people brought."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.array_types import Bytes
from core.config.datasets import BUILT_IN, DATASET_NAME, DataDescription, dataset_title
from core.config.run import VALIDATION_SHARE
from core.data.cache import Cache, Note, cache_folder
from core.data.download import NETWORK, Network, Progress, Report
from core.data.sources import (
    Found,
    find_handwriting,
    find_mnist,
    find_mnist_5k,
    local_handwriting,
    local_mnist,
    local_mnist_5k,
)
from core.data.store import AddedDataset
from core.errors import DataUnavailable, DigitLabError
from core.files import stamp
from core.text import Message, catalogue

DIGESTS = {name: description.digest for name, description in BUILT_IN.items()}
"""SHA-256 of each data set's arrays; for drawn digits, of the sources they are drawn from."""

TEST_DIGITS_OF = {"handwriting": "mnist"}
"""Data sets whose test digits are those of another."""

_LOCAL_FILES: dict[str, Callable[[], Path | None]] = {
    "mnist": local_mnist,
    "mnist-5k": local_mnist_5k,
    "handwriting": local_handwriting,
}
"""Finds each data set on this machine; None if it has to be downloaded."""

NOTE_INTERVAL = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Images uint8 (n, h, w), or (n, h, w, 3) in color; labels uint8 (n,); all read-only memory maps.

    Of digits, 0 is paper and 255 ink.
    """

    name: str
    digest: str
    source: Message
    train_images: Bytes
    train_labels: Bytes
    test_images: Bytes
    test_labels: Bytes
    description: DataDescription


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """A data set's images and labels for training and validation, as views without copies."""

    train_images: Bytes
    train_labels: Bytes
    validation_images: Bytes
    validation_labels: Bytes


@dataclass(frozen=True, slots=True)
class Status:
    """Availability of a data set; `message` is set while preparing or after a failure.

    `ready` in the cache, `local` on this machine and quick to convert, `remote` to be downloaded, `preparing` in some
    process, `failed` at the last attempt.
    """

    state: Literal["ready", "local", "remote", "preparing", "failed"]
    message: Message | None = None
    progress: Progress | None = None


def load(
    name: str, *, progress: Report | None = None, network: Network = NETWORK, digest: str | None = None
) -> Dataset:
    """Load a data set: milliseconds from the cache, otherwise it is first found and converted.

    `progress` is called in this thread. Raises DataUnavailable, within 5 s if it needs a download and no server
    answers.
    """
    if name not in BUILT_IN:
        return _brought(name)
    cache = _cache(name, digest)
    found = cache.read() or _prepare(cache, progress or (lambda _: None), network)
    source = f"datasets.source.{found.source}"
    # another release may have stored it from a source unknown to this one
    said = Message(source if source in catalogue() else "datasets.source.elsewhere")
    return Dataset(name, cache.digest, said, *found.arrays, BUILT_IN[name])


def status(name: str, *, digest: str | None = None) -> Status:
    """Availability of a data set, checked without network access or conversion; raises DataUnavailable if unknown."""
    if name not in BUILT_IN:
        try:
            _brought(name)
        except DataUnavailable as error:
            if not DATASET_NAME.fullmatch(name):
                raise
            return Status("failed", error.message)
        return Status("ready")
    cache = _cache(name, digest)
    if cache.read():
        return Status("ready")
    note = cache.note()
    if note and note.state == "preparing" and cache.in_preparation():
        progress = Progress(note.done, note.total) if note.total else None
        key = "datasets.downloading" if progress else "datasets.preparing"
        percent = {"percent": int(100 * progress.share)} if progress else {}
        return Status("preparing", Message(key, name=dataset_title(name), **percent), progress)
    if note and note.state == "failed" and note.tried == _tried(name):
        return Status("failed", note.message)
    try:
        return Status("local" if _LOCAL_FILES[name]() else "remote")
    except DataUnavailable as error:
        return Status("failed", error.message)


def split(dataset: Dataset, validation: str) -> Split:
    """Split by validation mode: `none`, `last-20` (last 20 % of the training images, as in Keras), or `test`.

    Raises ValueError for any other mode.
    """
    images, labels = dataset.train_images, dataset.train_labels
    if validation == "test":
        return Split(images, labels, dataset.test_images, dataset.test_labels)
    shares = {"none": 0.0, "last-20": VALIDATION_SHARE}
    if validation not in shares:
        raise ValueError(f"validation is {validation!r}, not none, last-20 or test")
    cut = len(labels) - round(len(labels) * shares[validation])
    return Split(images[:cut], labels[:cut], images[cut:], labels[cut:])


def _brought(name: str) -> Dataset:
    """A data set that a person brought; raises DataUnavailable if it is missing or damaged."""
    added = AddedDataset.named(name) if DATASET_NAME.fullmatch(name) else None
    if added is None or not added.exists:
        raise DataUnavailable("datasets.unknown", name=name[:60], known=tuple(BUILT_IN))
    try:
        about = added.about()
    except DigitLabError as error:
        raise DataUnavailable(error.message) from None
    arrays = added.arrays(about.description)
    if arrays is None:
        raise DataUnavailable("data_add.damaged_set", name=name)
    source = Message("errors.as_written", text=about.source) if about.source else Message("datasets.source.brought")
    return Dataset(name, about.description.digest, source, *arrays, about.description)


def _cache(name: str, digest: str | None) -> Cache:
    return Cache(cache_folder(), name, digest or DIGESTS[name])


def _prepare(cache: Cache, report: Report, network: Network) -> Found:
    began = time.time()

    def report_other_process() -> None:
        note = cache.note()
        if note and note.state == "preparing" and note.total:
            report(Progress(note.done, note.total))

    with cache.locked(report_other_process):
        if found := cache.read():
            return found
        note = cache.note()
        if note and note.state == "failed" and note.message and note.time >= began:
            raise DataUnavailable(note.message)  # the process we waited for has just tried every source
        cache.write_note(Note("preparing"))
        try:
            found = _convert(cache, report, network)
        except DataUnavailable as error:
            cache.write_note(Note("failed", message=error.message, tried=_tried(cache.name)))
            raise
        except BaseException:
            cache.remove_note()
            raise
        cache.remove_note()
        return found


def _convert(cache: Cache, report: Report, network: Network) -> Found:
    noted = 0.0

    def report_and_note(progress: Progress) -> None:
        nonlocal noted
        report(progress)
        if time.monotonic() - noted > NOTE_INTERVAL:
            noted = time.monotonic()
            cache.write_note(Note("preparing", progress.done, progress.total))

    with cache.writable(), cache.workspace() as work:
        match cache.name:
            case "mnist":
                found = find_mnist(cache.digest, work, report_and_note, network)
            case "handwriting":
                found = find_handwriting(cache.digest)
            case _:
                found = find_mnist_5k(cache.digest)
        return cache.write(found, work)


def _tried(name: str) -> str:
    """Identifies the local file that a data set would come from; once it changes, a failure is outdated."""
    try:
        path = _LOCAL_FILES[name]()
    except DataUnavailable as error:
        return str(error)
    return f"{path} {stamp(str(path))}" if path else ""
