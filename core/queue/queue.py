"""The queue: as many runs train at once as there is room for, the others wait in order.

All state is in the run folders and so survives the server. Every change is made under one file lock, so that two
servers on the same folder start each run once.
"""

import contextlib
import logging
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.config.run import RunConfig
from core.data import deleted
from core.errors import DigitLabError, reason_of
from core.queue.ending import write_end, write_timeout
from core.queue.launcher import Launcher, Starter, Worker
from core.queue.overview import Overview, overview
from core.queue.room import MachineRoom, Room
from core.runs.beginning import Beginning
from core.runs.cross_validation import JOB_FILE, plan
from core.runs.entries import Job, Run
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.status import RESUMABLE, Status
from core.runs.store import RunStore
from core.runs.terms import Terms
from core.server.retention import Retention
from core.text import Message

GRACE_SECONDS = 60.0
"""How long a run may take to stop when its time is up."""
FORGOTTEN_SECONDS = 7 * 24 * 3600.0
"""How long a cross-validation that ended early can be resumed."""
_LOG = logging.getLogger(__name__)

Admit = Callable[[Overview, int], None]
"""Called under the queue's lock before this many runs are added; refuses them by raising DigitLabError."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """A worker that died and whose end could not be written to its run yet."""

    code: int

    def poll(self) -> int:
        return self.code

    def kill(self) -> None:
        """It is dead."""


class Queue:
    """Starts runs in their order; `tick` does the work, `watch` calls it from a thread."""

    def __init__(
        self,
        store: RunStore,
        *,
        launcher: Starter | None = None,
        room: Room | None = None,
        retention: Retention | None = None,
        ahead: bool = False,
    ) -> None:
        """`ahead`: more runs follow, so that the next process gets ready while one trains."""
        self._store = store
        self._launcher = launcher or Launcher()
        self._room = room or MachineRoom()
        self._retention = retention
        self._ahead = ahead
        self.has_room = False
        """Whether one more run would have started at once, when `tick` last looked."""
        self._since: dict[str, float] = {}
        """When each active run was first seen, in seconds of the monotonic clock, by its id."""
        self._workers: dict[Path, Worker] = {}
        """The running processes by the folder of their run."""
        self._wake = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    def submit(
        self, config: RunConfig, name: str = "", *, terms: Terms | None = None, admit: Admit | None = None
    ) -> str:
        """Add a new run to the end of the queue and return its id; raises what `admit` raises."""
        return self.submit_all([Beginning(config, name)], terms=terms, admit=admit)[0]

    def submit_all(
        self, beginnings: Sequence[Beginning], *, terms: Terms | None = None, admit: Admit | None = None
    ) -> list[str]:
        """Add new runs to the end of the queue, all or none, and return their ids; raises what `admit` raises.

        Without a name, a run is named by what differs from its preset.
        """
        folders = list[RunFolder]()
        with self._store.lock():
            rank = self._next_rank(admit, len(beginnings))
            try:
                for place, beginning in enumerate(beginnings):
                    status = Status(state="queued", rank=rank + place)
                    folders.append(beginning.create(self._store, status, terms))
            except BaseException:
                for folder in folders:
                    shutil.rmtree(folder.path, ignore_errors=True)
                raise
        self._wake.set()
        return [folder.id for folder in folders]

    def cross_validate(self, run: Run, *, terms: Terms | None = None, admit: Admit | None = None) -> str:
        """Add a run's cross-validation to the end of the queue and return its id.

        Raises DigitLabError where the run cannot be cross-validated or already is, and what `admit` raises.
        """
        task = plan(run.folder, run.manifest, run.status)
        with self._store.lock():
            status = Status(state="queued", rank=self._next_rank(admit))
            if any(job.in_use for job in self._store.jobs() if job.task.run == run.id):
                raise DigitLabError("cross_validation.under_way", name=run.name)
            files = {JOB_FILE: task.to_json()}
            config = run.manifest.config
            folder = RunFolder.create(self._store.jobs_dir, config, status, run.name_in_files, terms=terms, files=files)
        self._wake.set()
        return folder.id

    def resume(self, run_id: str, *, admit: Admit | None = None) -> None:
        """Queue a run that ended early, to continue after its last finished epoch; raises what `admit` raises."""
        with self._store.lock():
            rank = self._next_rank(admit)
            run = self._own(run_id)
            if run.opened:
                raise DigitLabError("sharing.opened", name=run.name)
            run.manifest.check_trained_here(run.name)
            folder, status = run.folder, run.status
            if status.state not in RESUMABLE:
                state = Message(f"runs.state.{status.state}")
                raise DigitLabError("runs.not_resumable", id=run_id, state=state)
            if (terms := folder.terms()).timed_out:
                folder.write_terms(replace(terms, timed_out=False))
            folder.control.take()
            status = replace(status, owner=None, message=None, seconds_left=None, exploded=None)
            folder.write_status(replace(status, state="queued", rank=rank))
        self._wake.set()

    def look(self) -> Overview:
        """The runs as they are now."""
        return overview(self._store)

    def move(self, run_id: str, places: int) -> None:
        """Move a waiting run by this many places; negative ones move it forward."""
        with self._store.lock():
            waiting = self.look().waiting
            order = [run.id for run in waiting]
            if run_id not in order:
                raise DigitLabError("runs.not_queued", id=run_id[:60])
            run = waiting.pop(order.index(run_id))
            waiting.insert(max(0, order.index(run_id) + places), run)
            for rank, waiter in enumerate(waiting, start=1):
                waiter.folder.change_status(rank=float(rank))

    def cancel(self, run_id: str) -> None:
        """Take a waiting run out of the queue; it can be resumed."""
        with self._store.lock():
            run = self._own(run_id)
            if run.status.state != "queued":
                raise DigitLabError("runs.not_queued", id=run_id[:60])
            run.folder.write_status(replace(run.status, state="stopped", message=Message("runs.cancelled")))

    def send_here(self, run_id: str) -> None:
        """Have a waiting run trained on this machine, although others train on a cluster."""
        with self._store.lock():
            run = self._own(run_id)
            if run.status.state != "queued":
                raise DigitLabError("runs.not_queued", id=run_id[:60])
            run.folder.here.touch()
            run.folder.write_status(replace(run.status, message=None))

    def end(self, run_id: str) -> None:
        """End the process of a run that does not respond; the run can be resumed. Raises DigitLabError."""
        with self._store.lock():
            run = self._own(run_id)
            status = run.status
            if status.owner is None or not status.hangs():
                raise DigitLabError("faults.answers", id=run_id[:60])
            if status.owner.lives() is None:
                # on another machine, which writes what became of it
                run.folder.control.ask("end")
                return
            status.owner.end()
            # if the disk is full, readers still see the run as interrupted because its process is gone
            with contextlib.suppress(OSError):
                ended = Message("faults.ended")
                run.folder.write_status(replace(status, state="interrupted", owner=None, message=ended))

    def tick(self) -> None:
        """Clean up after workers that ended, and start the runs for which there is room."""
        with self._store.lock():
            for path, worker in list(self._workers.items()):
                code = worker.poll()
                if code is not None:
                    del self._workers[path]
                    self._write_end(RunFolder(path), code)
            runs = self.look()
            self._tend_jobs(runs.jobs)
            self._since = {run.id: self._since.get(run.id, time.monotonic()) for run in runs.active}
            for run in runs.active:
                self._enforce_time_limit(run)
            # a process that has written its run's end only gives back its memory, for which no run need wait
            ended = {run.folder.path for run in [*runs.runs, *runs.jobs] if not run.in_use}
            training = {run.folder.path for run in runs.active} | (self._workers.keys() - ended)
            for run in runs.waiting:
                if run.folder.path not in self._workers and self._room.has_room(run, training):
                    self._start(run.folder)
                    training.add(run.folder.path)
            self.has_room = self._room.has_more(training | {run.folder.path for run in runs.waiting})
            self._launcher.tend(busy=runs.busy and not self._ahead)

    def expect(self, config: RunConfig) -> None:
        """Note that a run with these settings will probably be added next."""
        self._launcher.expect(config)

    def adopt(self, folder: RunFolder, worker: Worker) -> None:
        """Look after a worker that an earlier process started for this run."""
        with self._store.lock():
            self._workers[folder.path] = worker

    def make_room(self) -> None:
        """Delete the oldest runs where there are more than the limit."""
        if self._retention is not None:
            self._retention.apply(self._store)

    def watch(self, interval: float = 0.5) -> None:
        """Call `tick` from a daemon thread until `close`."""
        self._thread = threading.Thread(target=self._watch, args=(interval,), name="queue", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and the ready process; the active run continues, and the next server's queue finds it."""
        self._closed = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self._launcher.close()

    def _watch(self, interval: float) -> None:
        problem = ""
        while not self._closed:
            try:
                self.tick()
                self.make_room()
                self._store.clear_deleted()
                deleted.clear()
                problem = ""
            except Exception as error:
                # a problem with one folder must not stop the others; pages show it
                before, problem = problem, f"{type(error).__name__}: {error}"
                if problem != before:
                    # log a lasting problem once; our own errors need no traceback
                    details = None if isinstance(error, DigitLabError) else error
                    _LOG.warning("The queue could not look at its runs: %s", error, exc_info=details)
            self._wake.wait(interval)
            self._wake.clear()

    def _enforce_time_limit(self, run: Run) -> None:
        """Ask a run to stop when its time is up, and end its process if it does not."""
        limit = run.folder.terms().seconds
        spent = time.monotonic() - self._since[run.id]
        if not limit or spent < limit:
            return
        if not run.folder.terms().timed_out:
            run.folder.write_terms(replace(run.folder.terms(), timed_out=True))
            run.folder.control.ask("stop")
        elif spent > limit + GRACE_SECONDS:
            worker = self._workers.get(run.folder.path)
            if worker is not None:
                worker.kill()
            elif run.status.owner:
                run.status.owner.end()

    def _tend_jobs(self, jobs: list[Job]) -> None:
        """Keep the results of finished cross-validations, and delete those that nobody resumed."""
        for job in jobs:
            if job.status.state == "finished":
                self._store.keep_result(job)
            elif not job.in_use and time.time() - job.created > FORGOTTEN_SECONDS:
                with contextlib.suppress(DigitLabError):
                    self._store.remove(job)

    def _start(self, folder: RunFolder) -> None:
        # until the worker takes over, the run belongs to this process
        status = folder.change_status(state="starting", owner=Owner.this(), message=None)
        try:
            self._workers[folder.path] = self._launcher.launch(folder)
        except OSError as error:
            folder.write_status(replace(status, state="failed", owner=None, message=reason_of(error)))

    def _write_end(self, folder: RunFolder, code: int) -> None:
        try:
            write_end(folder, code)
        except OSError:
            # try again once the disk has room: no other process ends a run that this one owns
            self._workers[folder.path] = _Ended(code)
        write_timeout(folder)

    def _own(self, run_id: str) -> Run:
        run = self._store.find(run_id)
        if run.shipped:
            raise DigitLabError("runs.not_here", id=run_id[:60])
        return run

    def _next_rank(self, admit: Admit | None, count: int = 1) -> float:
        """The rank behind all waiting runs, for this many more; raises what `admit` raises."""
        runs = self.look()
        if admit:
            admit(runs, count)
        return max((run.status.rank for run in runs.waiting), default=0.0) + 1
