"""Compute t-SNE maps one at a time in separate processes."""

import logging
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core import child_process
from core.runs.folder import RunFolder

TIMEOUT = 300.0
"""Seconds after which a process is killed."""

Key = tuple[Path, int, str]
"""A run's folder, an epoch, and the data set of the digits."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MapProgress:
    """Progress of a map; `share` is the completed share of the work, 0 to 1."""

    state: Literal["waiting", "working", "made", "failed"]
    share: float = 0.0


class _Work:
    """A process and the temporary folder for its output."""

    def __init__(self, command: Sequence[str]) -> None:
        self.room = tempfile.TemporaryDirectory(prefix="digit-lab-", ignore_cleanup_errors=True)
        self.began = time.monotonic()
        self._printed, self._complaints = Path(self.room.name) / "out", Path(self.room.name) / "err"
        with self._printed.open("wb") as out, self._complaints.open("wb") as err:
            self.process = subprocess.Popen(
                command, env=child_process.environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=err
            )

    def share(self) -> float:
        """The progress that the process printed last."""
        with suppress(OSError, ValueError, IndexError):
            return min(max(float(self._printed.read_text(encoding="utf-8").split("\n")[-2]), 0.0), 1.0)
        return 0.0

    def complaints(self) -> str:
        with suppress(OSError):
            return self._complaints.read_text(encoding="utf-8", errors="replace")[-4000:]
        return ""


def _command(key: Key) -> Sequence[str]:
    folder, epoch, dataset = key
    return child_process.command("core.explain.projection", str(folder.absolute()), str(epoch), dataset)


class MapJobs:
    """Starts and watches the processes; thread-safe."""

    def __init__(self, *, command: Callable[[Key], Sequence[str]] | None = None, timeout: float = TIMEOUT) -> None:
        self._command = command or _command
        self._timeout = timeout
        self._lock = threading.Lock()
        self._working: dict[Key, _Work] = {}
        self._failed: set[Key] = set()

    def progress(self, folder: RunFolder, epoch: int, dataset: str) -> MapProgress:
        """Progress of a map; the first call that finds no other map in progress starts it."""
        key = folder.path, epoch, dataset
        with self._lock:
            if key in self._failed:
                return MapProgress("failed")
            if key not in self._working:
                if any(work.process.poll() is None for work in self._working.values()):
                    return MapProgress("waiting")
                try:
                    self._working[key] = _Work(self._command(key))
                except OSError as error:
                    return self._fail(key, str(error))
            return self._follow(key, self._working[key])

    def retry(self, folder: RunFolder, epoch: int, dataset: str) -> None:
        """Allow another attempt after a failure."""
        with self._lock:
            self._failed.discard((folder.path, epoch, dataset))

    def give_up(self, folder: RunFolder, epoch: int, dataset: str) -> None:
        """Mark a map as failed because its file cannot be read."""
        with self._lock:
            self._failed.add((folder.path, epoch, dataset))

    def _follow(self, key: Key, work: _Work) -> MapProgress:
        ended = work.process.poll()
        if ended is None and time.monotonic() - work.began < self._timeout:
            return MapProgress("working", work.share())
        if ended is None:
            work.process.kill()
            work.process.wait()
        complaints = work.complaints()
        work.room.cleanup()
        del self._working[key]
        return MapProgress("made", 1.0) if ended == 0 else self._fail(key, f"ended with {ended}:\n{complaints}")

    def _fail(self, key: Key, reason: str) -> MapProgress:
        _log.warning("the map of %s, epoch %d, %s", key[0].name, key[1], reason)
        self._failed.add(key)
        return MapProgress("failed")
