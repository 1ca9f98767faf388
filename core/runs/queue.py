"""The queue: one run trains at a time, the others wait in order.

All state is in the run folders, so it outlives the server. Every change is made under one file lock,
so that two servers on the same folder start each run once.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

from filelock import FileLock

from core.config import RunConfig
from core.errors import DigitLabError
from core.runs.folder import RunFolder
from core.runs.launcher import Launcher, Worker
from core.runs.process import Owner
from core.runs.status import ACTIVE, RESUMABLE, Status
from core.runs.store import Run, RunStore
from core.words import say

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Overview:
    """The runs at one moment: all, the one that trains, and those that wait in the order in which they will start."""

    runs: list[Run]
    active: Run | None
    waiting: list[Run]

    @property
    def busy(self) -> bool:
        """Whether something trains or waits."""
        return self.active is not None or bool(self.waiting)


class Queue:
    """Starts runs one after the other; `tick` does the work, `watch` calls it from a thread."""

    def __init__(self, store: RunStore, *, launcher: Launcher | None = None) -> None:
        self._store = store
        self._launcher = launcher or Launcher()
        self._workers: dict[str, Worker] = {}
        self._wake = threading.Event()

    def submit(self, config: RunConfig, name: str = "") -> str:
        """Put a new run at the end of the queue; returns its id."""
        with self._lock():
            status = Status(state="queued", rank=self._last_rank() + 1)
            folder = RunFolder.create(self._store.runs_dir, config, status, name)
        self._wake.set()
        return folder.id

    def resume(self, run_id: str) -> None:
        """Queue a run that ended early; it goes on from its last finished epoch."""
        with self._lock():
            folder, status = self._own(run_id)
            if status.state not in RESUMABLE:
                raise DigitLabError(say("runs.not_resumable", id=run_id, state=status.state))
            folder.take_requests()
            folder.write_status(replace(status, state="queued", rank=self._last_rank() + 1, owner=None, message=""))
        self._wake.set()

    def look(self) -> Overview:
        """All runs, the one that trains and those that wait, as they are now."""
        runs = self._store.runs()
        own = [(run, run.status) for run in runs if run.status is not None and not run.shipped]
        waiting = [(status.rank, run.id, run) for run, status in own if status.state == "queued"]
        return Overview(
            runs,
            next((run for run, status in own if status.state in ACTIVE), None),
            [run for _, _, run in sorted(waiting, key=lambda waiter: waiter[:2])],
        )

    def move(self, run_id: str, places: int) -> None:
        """Move a waiting run by so many places, negative ones towards the front."""
        with self._lock():
            waiting = self.look().waiting
            order = [run.id for run in waiting]
            if run_id not in order:
                raise DigitLabError(say("runs.not_queued", id=run_id[:60]))
            run = waiting.pop(order.index(run_id))
            waiting.insert(max(0, order.index(run_id) + places), run)
            for rank, waiter in enumerate(waiting, start=1):
                waiter.folder.change_status(rank=float(rank))

    def cancel(self, run_id: str) -> None:
        """Take a waiting run out of the queue; its folder stays, and can be resumed."""
        with self._lock():
            folder, status = self._own(run_id)
            if status.state != "queued":
                raise DigitLabError(say("runs.not_queued", id=run_id[:60]))
            folder.write_status(replace(status, state="stopped", message=say("runs.cancelled")))

    def tick(self) -> None:
        """Reap what ended, and start the next run where none is active."""
        with self._lock():
            for run_id, worker in list(self._workers.items()):
                code = worker.poll()
                if code is not None:
                    del self._workers[run_id]
                    self._note_end(RunFolder(self._store.runs_dir / run_id), code)
            runs = self.look()
            if not self._workers and runs.active is None and runs.waiting:
                self._start(runs.waiting[0].folder)
            self._launcher.tend(busy=runs.busy)

    def watch(self, interval: float = 0.5) -> None:
        """Call `tick` for ever, from a thread that ends with the process."""
        threading.Thread(target=self._watch, args=(interval,), name="queue", daemon=True).start()

    def _watch(self, interval: float) -> None:
        while True:
            try:
                self.tick()
            except Exception:
                # whatever is wrong with one folder, the others must train; a page says what it is
                _LOG.warning("The queue could not look at its runs", exc_info=True)
            self._wake.wait(interval)
            self._wake.clear()

    def _start(self, folder: RunFolder) -> None:
        # until the worker says so itself, the run belongs to the process that starts it
        status = folder.change_status(state="starting", owner=Owner.this(), message="")
        try:
            self._workers[folder.id] = self._launcher.launch(folder)
        except OSError as error:
            folder.write_status(replace(status, state="failed", owner=None, message=os.strerror(error.errno or 0)))

    def _note_end(self, folder: RunFolder, code: int) -> None:
        """A worker that died before it took the run over leaves it in our name."""
        if not folder.path.is_dir():
            return
        status = folder.status()
        if status.state == "starting" and status.owner is not None and status.owner.pid == os.getpid():
            message = say("runs.worker_gone", code=code)
            folder.write_status(replace(status, state="failed", owner=None, message=message))

    def _own(self, run_id: str) -> tuple[RunFolder, Status]:
        run = self._store.find(run_id)
        if run.shipped:
            raise DigitLabError(say("runs.not_here", id=run_id[:60]))
        return run.folder, run.folder.status()

    def _last_rank(self) -> float:
        return max((run.status.rank for run in self.look().waiting if run.status), default=0.0)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        runs_dir = self._store.runs_dir
        try:
            runs_dir.mkdir(parents=True, exist_ok=True)
            lock = FileLock(runs_dir / ".queue.lock", timeout=10)
            lock.acquire()
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise DigitLabError(say("runs.runs_dir_unwritable", folder=runs_dir, reason=reason)) from None
        try:
            yield
        finally:
            lock.release()
