"""A run's data on a node: found by its digest in the node's cache, or sent there once."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core.array_types import Bytes
from core.config.datasets import BUILT_IN
from core.data import datasets
from core.data.cache import Cache, cache_folder
from core.data.dataset_folder import DatasetFolder
from core.data.store import AddedDataset
from core.errors import DigitLabError

_ABOUT = frozenset({".json", ".npy"})


def is_here(name: str, digest: str) -> bool:
    """Whether this node has a data set, or finds it without a download."""
    try:
        if name in BUILT_IN:
            return datasets.status(name).state in ("ready", "local")
        added = _brought(name, digest)
        return added.exists and added.about().description.digest == digest
    except DigitLabError:
        return False


def folder_of_brought(name: str, digest: str) -> Path | None:
    """The folder that holds a data set which a person brought; None for a built-in one.

    Two servers may have different data sets of one name, so each digest has a folder.
    """
    return None if name in BUILT_IN else _brought(name, digest).root


def is_available(name: str) -> bool:
    """Whether this server has a data set; one that is built in may also be downloaded by each node."""
    try:
        return datasets.status(name).state in ("ready", "local")
    except DigitLabError:
        return False


def packed(name: str) -> dict[str, Bytes]:
    """A data set's files on this machine, by their names; raises DataUnavailable."""
    # which prepares one that is built in
    digest = datasets.load(name).digest
    folder = Cache(cache_folder(), name, digest).folder if name in BUILT_IN else AddedDataset.named(name).folder
    return {path.name: np.fromfile(path, np.uint8) for path in sorted(folder.iterdir()) if path.suffix in _ABOUT}


def unpack(name: str, digest: str, files: Mapping[str, Bytes]) -> None:
    """Put a data set's files where `is_here` finds them; raises DataUnavailable where that is not writable."""
    target: DatasetFolder = Cache(cache_folder(), name, digest) if name in BUILT_IN else _brought(name, digest)
    with target.locked(lambda: None), target.writable(), target.workspace() as work:
        if is_here(name, digest):
            return
        new = work / "new"
        new.mkdir()
        for file, content in files.items():
            content.tofile(new / Path(file).name)
        target.put(new, work)


def _brought(name: str, digest: str) -> AddedDataset:
    return AddedDataset(cache_folder() / "brought" / digest, name)
