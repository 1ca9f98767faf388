"""Drives a sweep: asks Optuna what to try, has it trained by ordinary runs, and shows what came of it.

Each step is in the study and the run folders before the next one begins, and a run says which trial it belongs to. So
a new process goes on where a killed one was: no trial is lost, and none is trained twice.
"""

import contextlib
import time
from collections.abc import Callable, Sequence

from core.errors import DigitLabError, reason_of
from core.file_lock import held
from core.queue.permissions import Access
from core.queue.queue import Queue
from core.runs.reporter import Reporter
from core.runs.status import Status
from core.runs.store import RunStore
from core.sweeps.confirmation import Confirmation
from core.sweeps.drawing import Drawing
from core.sweeps.folder import SweepFolder, TrialRecord, best_trial
from core.sweeps.requests import Requests
from core.sweeps.study import Study
from core.sweeps.trial_runs import TrialRuns
from core.sweeps.trials import Course, Trials
from core.text import Message


class _Stopped(Exception):
    """The sweep was asked to stop while it waited for another one."""


class Driver:
    """Makes the trials of one sweep; `run` returns when it is done, paused, stopped or has failed."""

    def __init__(
        self,
        folder: SweepFolder,
        store: RunStore,
        queue: Queue,
        access: Access,
        *,
        draw: Callable[[Study, SweepFolder], None] = lambda study, folder: None,  # noqa: ARG005 nothing to draw with
        notify: Callable[[Sequence[TrialRecord]], None] = lambda records: None,  # noqa: ARG005 nobody watches
    ) -> None:
        self._folder = folder
        self._store = store
        self._queue = queue
        self._access = access
        self._draw = draw
        self._notify = notify
        self._requests = Requests(folder)
        self._trials: Trials | None = None
        self._confirmation: Confirmation | None = None

    def run(self, waiting: Callable[[], None] = lambda: None) -> Status:
        """Drive the sweep; while another of these runs is driven, wait and call `waiting` each second.

        Raises UnreadableRun where its folder is damaged, OSError where it cannot be written.
        """

        def wait() -> None:
            waiting()
            self._requests.take()
            if self._requests.stopping:
                raise _Stopped

        try:
            with held(self._folder.lock, 1.0, wait), Reporter(self._folder.files) as reporter:
                return self._driven(reporter)
        except _Stopped:
            return self._folder.files.change_status(state="stopped", message=Message("sweeps.stopped"))

    def _driven(self, reporter: Reporter) -> Status:
        self._reporter = reporter
        self._began = time.monotonic() - reporter.status.seconds
        try:
            self._sweep = self._folder.sweep()
            reporter.change(state="training", message=None)
            self._study = study = Study(self._folder, self._sweep)
            self._drawing = Drawing(lambda: self._draw(study, self._folder))
            runs = TrialRuns(self._folder, self._sweep, self._store, self._access)
            self._trials = Trials(self._sweep, self._study, runs, self._queue, self._requests, begun=self._show)
            reporter.end(*self._drive(self._trials))
        except KeyboardInterrupt:
            if self._trials:
                self._trials.kill()
            reporter.end("stopped", Message("sweeps.keyboard", id=self._folder.id))
        except DigitLabError as error:
            reporter.end("failed", error.message)
        except OSError as error:
            with contextlib.suppress(OSError):
                reporter.end("failed", Message("sweeps.unwritable", reason=reason_of(error)))
        return reporter.status

    def _drive(self, trials: Trials) -> tuple[str, Message | None]:
        """Make the trials; returns the state in which the sweep ends, and why."""

        def following() -> Course | None:
            return None if self._over(trials) else trials.attempt(self._study.ask())

        trials.take([trials.attempt(each) for each in self._study.running()], following)
        while (over := self._over(trials)) is None:
            # it was extended at this moment
            trials.take([], following)
        best = best_trial(self._sweep, self._study.records())
        if over[0] == "finished" and best is None:
            over = "failed", Message("sweeps.no_best", count=len(self._study.records()))
        elif over[0] == "finished" and best is not None and len(self._sweep.directions) == 1:
            self._confirm(trials, best)
            over = self._halted() or over
        self._show(last=True)
        return over

    def _over(self, trials: Trials) -> tuple[str, Message | None] | None:
        """As `_drive` returns; None where another trial follows."""
        self._sweep = self._folder.sweep()
        self._study.extend(self._sweep)
        if halted := self._halted():
            return halted
        if problem := trials.problem:
            return "failed", problem
        if self._study.has_all():
            return "finished", None
        if 0 < self._sweep.minutes <= (time.monotonic() - self._began) / 60:
            return "finished", Message("sweeps.time_is_up", minutes=self._sweep.minutes)
        return None

    def _halted(self) -> tuple[str, Message] | None:
        return ("stopped", self._requests.halt) if self._requests.halt else None

    def _confirm(self, trials: Trials, winner: TrialRecord) -> None:
        """Train the winner with new seeds."""
        self._confirmation = confirmation = Confirmation(winner)
        courses = iter([trials.confirm(confirmation, place) for place in range(self._sweep.confirm)])
        trials.take([], lambda: None if self._requests.halt else next(courses, None))

    def _show(self, *, last: bool = False) -> None:
        """Write what pages show; figures only as often as their drawing takes a small part of the time."""
        records = self._study.records()
        ended = sum(record.state != "running" for record in records)
        again = self._confirmation.record if self._confirmation else None
        shown = [*records, *([again] if again else [])]
        self._folder.write_trials(shown)
        self._reporter.change(epoch=ended, seconds=time.monotonic() - self._began)
        self._notify(shown)
        if last:
            self._drawing.finish()
        else:
            self._drawing.renew()
