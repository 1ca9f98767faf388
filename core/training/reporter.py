"""Tells the readers of a run folder how far the run is, and that its process lives."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from core.runs.folder import RunFolder
from core.runs.process import Owner
from core.runs.status import Status

HEARTBEAT_SECONDS = 1.0


class Reporter:
    """Writes the status of a run; between changes a thread renews the heartbeat."""

    def __init__(self, folder: RunFolder, *, notify: Callable[[Status], None] | None = None) -> None:
        self._folder = folder
        self._notify = notify or (lambda _: None)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._status = replace(folder.status(), owner=Owner.this())

    @property
    def status(self) -> Status:
        return self._status

    def __enter__(self) -> "Reporter":
        self.change()
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ended.set()

    def change(self, **changes: Any) -> None:
        """Change fields of the status and write it."""
        with self._lock:
            self._status = replace(self._status, heartbeat=time.time(), **changes)
            self._folder.write_status(self._status)
        self._notify(self._status)

    def end(self, state: str, message: str = "", **changes: Any) -> None:
        """Write the last status; the process owns the run no longer."""
        self._ended.set()
        self.change(state=state, message=message, owner=None, seconds_left=None, **changes)

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT_SECONDS):
            with self._lock:
                if self._ended.is_set() or time.time() - self._status.heartbeat < HEARTBEAT_SECONDS:
                    continue
                self._status = replace(self._status, heartbeat=time.time())
                try:
                    self._folder.write_status(self._status)
                except OSError:
                    # the training thread meets the same disk, and says so
                    continue
