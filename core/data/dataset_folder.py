"""A data set's folder: its arrays, a lock for those who change it, and a place to make a new one beside it."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data.arrays import Arrays
from core.errors import DataUnavailable, reason_of

WAITING_TICK = 0.2


@dataclass(frozen=True, slots=True)
class DatasetFolder(ABC):
    """A data set's folder `name` in `root`."""

    root: Path
    name: str

    @property
    @abstractmethod
    def unwritable(self) -> str:
        """The key of the error for a folder that cannot be written, with `folder` and `reason`."""

    @property
    def folder(self) -> Path:
        return self.root / self.name

    def put(self, new: Path, work: Path) -> None:
        """Rename a finished folder to this one; an earlier one moves into the workspace, which is deleted."""
        if self.folder.exists():
            self.folder.rename(work / "damaged")
        new.rename(self.folder)

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A temporary folder beside it; also removes those of killed processes. The caller holds the lock."""
        prefix = f".{self.name}."
        for left in self.root.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=self.root, prefix=prefix, ignore_cleanup_errors=True) as work:
            yield Path(work)

    @contextmanager
    def locked(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold the lock; `waiting` is called every 0.2 s until other processes release it.

        Raises DataUnavailable if the folder is not writable.
        """
        # imported here, because a page that only reads needs no lock
        from core.file_lock import held

        with ExitStack() as stack:
            with self.writable():
                self.root.mkdir(parents=True, exist_ok=True)
                stack.enter_context(held(self._lock_path, WAITING_TICK, waiting))
            yield

    @contextmanager
    def writable(self) -> Iterator[None]:
        """Turn an OSError inside into DataUnavailable."""
        try:
            yield
        except OSError as error:
            raise DataUnavailable(self.unwritable, folder=self.root, reason=reason_of(error)) from error

    def in_preparation(self) -> bool:
        """Whether a running process holds the lock."""
        from filelock import Timeout

        from core.file_lock import held

        try:
            with held(self._lock_path, 0):
                return False
        except Timeout:
            return True
        except OSError:
            return False

    @property
    def _lock_path(self) -> Path:
        return self.root / f"{self.name}.lock"


def write_arrays(folder: Path, arrays: Arrays) -> None:
    """Write one file for each array; raises OSError."""
    for field, array in arrays._asdict().items():
        np.save(folder / f"{field}.npy", array, allow_pickle=False)


def read_arrays(folder: Path, shapes: Mapping[str, Sequence[int]]) -> Arrays | None:
    """The arrays of these shapes as read-only memory maps, or None if one is missing or damaged."""
    try:
        found = {}
        for field in Arrays._fields:
            path = folder / f"{field}.npy"
            # a copy-on-write map, because TensorFlow shares only writable memory without copying
            array = np.load(path, mmap_mode="c", allow_pickle=False)
            array.flags.writeable = False
            if array.shape != tuple(shapes[field]) or array.dtype != np.uint8 or not array.flags.c_contiguous:
                return None
            if path.stat().st_size != array.offset + array.nbytes:
                return None
            found[field] = array
        return Arrays(**found)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None
