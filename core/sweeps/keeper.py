"""Starts the process that drives a sweep, and starts it again where it was killed."""

import logging
import subprocess
import threading
from typing import Protocol

from core import child_process
from core.errors import DigitLabError
from core.sweeps.folder import Listed, SweepStore
from core.text import Message

_SECONDS = 1.0
_STARTS = 3
"""How often a process that ends by itself is started for the same sweep before the sweep counts as failed."""
_LOG = logging.getLogger(__name__)


class Process(Protocol):
    """The part of subprocess.Popen that the keeper needs."""

    def poll(self) -> int | None: ...


class Keeper:
    """Has one sweep driven at a time, in the order in which they were started; `watch` does so from a thread."""

    def __init__(self, store: SweepStore) -> None:
        self._store = store
        self._process: Process | None = None
        self._starts: dict[str, int] = {}
        self._closed = threading.Event()

    def tend(self) -> None:
        """Start what is due, unless a sweep is driven."""
        if self._process is not None and self._process.poll() is None:
            return
        self._process = None
        sweeps = self._store.all()
        due = [each for each in reversed(sweeps) if each.is_due]
        if not due or any(each.is_active for each in sweeps):
            return
        first = due[0]
        self._starts[first.id] = self._starts.get(first.id, 0) + 1
        if self._starts[first.id] > _STARTS:
            del self._starts[first.id]
            first.folder.files.change_status(state="failed", owner=None, message=Message("sweeps.no_driver"))
            return
        try:
            self._process = self.start(first)
        except OSError as error:
            _LOG.warning("No process can be started for %s: %s", first.id, error)

    def start(self, sweep: Listed) -> Process:
        """The process that drives a sweep, which outlives the server; raises OSError."""
        with (sweep.folder.path / "driver.log").open("ab") as log:
            return subprocess.Popen(
                child_process.command("core.sweeps", "--drive", str(sweep.folder.path.absolute())),
                env=child_process.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def watch(self) -> None:
        """Call `tend` each second from a daemon thread until `close`."""
        threading.Thread(target=self._watch, name="sweeps", daemon=True).start()

    def close(self) -> None:
        """End the thread; a process that drives a sweep goes on."""
        self._closed.set()

    def _watch(self) -> None:
        problem = ""
        while not self._closed.wait(_SECONDS):
            try:
                self.tend()
                problem = ""
            except (DigitLabError, OSError) as error:
                # a problem with one folder must not end the thread; a lasting one is logged once
                before, problem = problem, str(error)
                if problem != before:
                    _LOG.warning("The sweeps cannot be looked after: %s", error)
