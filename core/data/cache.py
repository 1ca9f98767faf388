"""The disk cache: one copy of each data set for all processes, and a note on the progress of its preparation."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import platformdirs

from core.data.arrays import Arrays
from core.data.sources import Found
from core.errors import DataUnavailable
from core.places import named_place
from core.text import Message, stored

WAITING_TICK = 0.2


@dataclass(frozen=True, slots=True)
class Note:
    """What the latest preparation wrote for other processes to read."""

    state: Literal["preparing", "failed"]
    done: int = 0
    total: int = 0
    message: Message | None = None
    time: float = 0.0
    tried: str = ""
    """Local files that were tried when it failed; if they have changed, the failure is outdated."""


def cache_folder() -> Path:
    """The cache folder: DIGIT_LAB_CACHE, or the user's default."""
    return named_place("DIGIT_LAB_CACHE", platformdirs.user_cache_path("digit-lab", appauthor=False))


@dataclass(frozen=True, slots=True)
class Cache:
    """One data set's folder in the cache."""

    root: Path
    name: str
    digest: str

    def read(self) -> Found | None:
        """The arrays as read-only memory maps, or None if they are missing or damaged."""
        folder = self.root / self.name
        try:
            about = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
            if about["digest"] != self.digest:
                return None
            found = {}
            for field in Arrays._fields:
                path = folder / f"{field}.npy"
                if path.stat().st_size != about["bytes"][field]:
                    return None
                # a copy-on-write map, because TensorFlow shares only writable memory without copying
                found[field] = np.load(path, mmap_mode="c", allow_pickle=False)
                found[field].flags.writeable = False
                if list(found[field].shape) != about["shapes"][field] or found[field].dtype != np.uint8:
                    return None
            return Found(str(about["source"]), Arrays(**found))
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return None

    def write(self, found: Found, work: Path) -> Found:
        """Store the arrays atomically, moving a damaged copy away, and return them as `read` does.

        The caller holds the lock and passes a workspace.
        """
        new = work / "new"
        new.mkdir()
        for field, array in found.arrays._asdict().items():
            np.save(new / f"{field}.npy", array, allow_pickle=False)
        about = {
            "digest": self.digest,
            "source": found.source,
            "shapes": {field: array.shape for field, array in found.arrays._asdict().items()},
            "bytes": {field: (new / f"{field}.npy").stat().st_size for field in Arrays._fields},
        }
        (new / "meta.json").write_text(json.dumps(about), encoding="utf-8")
        folder = self.root / self.name
        if folder.exists():
            folder.rename(work / "damaged")
        new.rename(folder)
        if kept := self.read():
            return kept
        raise OSError(f"{folder} does not read as it was written")

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A temporary folder in the cache; also removes those of killed processes. The caller holds the lock."""
        prefix = f".{self.name}."
        for left in self.root.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=self.root, prefix=prefix, ignore_cleanup_errors=True) as work:
            yield Path(work)

    @contextmanager
    def locked(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold the lock; `waiting` is called every 0.2 s until other processes release it.

        Raises DataUnavailable if the cache folder is not writable.
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
            reason = error.strerror or str(error)
            raise DataUnavailable("datasets.cache_unwritable", folder=self.root, reason=reason) from error

    def note(self) -> Note | None:
        """The note, if there is one; a killed process leaves it at "preparing"."""
        try:
            content: dict[str, Any] = json.loads(self._note_path.read_text(encoding="utf-8"))
            content["message"] = Message.read(content)
            content.pop("said", None)
            return Note(**content)
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def write_note(self, note: Note) -> None:
        """Replace the note; errors are ignored, because the data matters more."""
        new = self._note_path.with_suffix(f".{os.getpid()}.new")
        with suppress(OSError):
            new.write_text(json.dumps(asdict(note) | stored(note.message) | {"time": time.time()}), encoding="utf-8")
            new.replace(self._note_path)

    def remove_note(self) -> None:
        """Remove the note after success."""
        with suppress(OSError):
            self._note_path.unlink(missing_ok=True)

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

    @property
    def _note_path(self) -> Path:
        return self.root / f"{self.name}.json"
