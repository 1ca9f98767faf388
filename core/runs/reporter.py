"""Keeps a run's status up to date, with a heartbeat."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.status import Status
from core.text import Message

HEARTBEAT_SECONDS = 1.0


class Reporter:
    """Writes a run's status; between changes a thread renews the heartbeat."""

    def __init__(self, folder: RunFolder, *, notify: Callable[[Status], None] | None = None) -> None:
        self._folder = folder
        self._notify = notify or (lambda _: None)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._owner = Owner.this()
        self._status = replace(folder.status(), owner=self._owner)
        self._beaten = time.monotonic()

    @property
    def status(self) -> Status:
        return self._status

    def __enter__(self) -> "Reporter":
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ended.set()

    def change(self, **changes: Any) -> None:
        """Change fields of the status and write it."""
        with self._lock:
            self._write(**changes)
        self._notify(self._status)

    def end(self, state: str, message: Message | None = None, **changes: Any) -> None:
        """Write the final status, without an owner."""
        self._ended.set()
        self.change(state=state, message=message, owner=None, seconds_left=None, **changes)

    def _write(self, **changes: Any) -> None:
        beating = replace(self._status, owner=self._owner.beating(), heartbeat=time.time())
        self._status = replace(beating, **changes)
        self._folder.write_status(self._status)
        self._beaten = time.monotonic()

    def _beat(self) -> None:
        while not self._ended.wait(HEARTBEAT_SECONDS):
            # the training thread meets the same problem with disk or memory and reports it
            with self._lock, contextlib.suppress(OSError, MemoryError):
                if not self._ended.is_set() and time.monotonic() - self._beaten >= HEARTBEAT_SECONDS:
                    self._write()
