"""Drives a sweep: asks Optuna what to try, queues it as ordinary runs, follows them, and tells how they ended.

Each step is in the study and the run folders before the next one begins, and a run says which trial it belongs to. So
a new process goes on where a killed one was: no trial is lost, and none is trained twice.
"""

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from core.errors import DigitLabError, InvalidSetting, UnreadableRun
from core.file_lock import held
from core.queue.permissions import FULL, Access
from core.queue.queue import Queue
from core.runs.beginning import Beginning, fork
from core.runs.curves import CurveReader, Row
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.reporter import Reporter
from core.runs.status import ACTIVE, Status
from core.runs.store import RunStore
from core.sweeps.folder import TRIAL_FILE, SweepFolder, TrialRecord, best_trial
from core.sweeps.study import Candidate, Study
from core.sweeps.variation import Value, label, value_label
from core.text import Message

POLL_SECONDS = 0.04
"""Between two looks at the run that trains."""
_TICK_SECONDS = 0.5
_DRAWING_SHARE = 20
"""So many times as long as the figures took to draw, they stay as they are."""
_RETRIES = 3
"""How often a run whose process was killed goes on before its trial counts as failed."""
_FAILURES = 3
"""So many trials that fail one after another, and not by a loss that became NaN, end the sweep."""
_UNTRAINABLE = 100
"""So many settings in a row that cannot be trained end the sweep."""
_VAL_LOSS, _VAL_ACCURACY = EPOCH_COLUMNS.index("val_loss"), EPOCH_COLUMNS.index("val_accuracy")


class _Stopped(Exception):
    """The sweep was asked to stop while it waited."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a run of a trial ended: the scores of the kept epoch, or why there are none."""

    state: str
    scores: tuple[float, ...] = ()
    reason: Message | None = None


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
        self._pausing = self._stopping = False
        self._ticked = self._next_drawing = 0.0
        self._failures = self._untrainable = 0
        self._current: RunFolder | None = None
        self._again: TrialRecord | None = None

    def run(self, waiting: Callable[[], None] = lambda: None) -> Status:
        """Drive the sweep; while another of these runs is driven, wait and call `waiting` each second.

        Raises UnreadableRun where its folder is damaged, OSError where it cannot be written.
        """

        def wait() -> None:
            waiting()
            self._take_requests()
            if self._stopping:
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
            self._study = Study(self._folder, self._sweep)
            self._made = self._known_runs()
            reporter.end(*self._drive())
        except _Stopped:
            reporter.end("stopped", Message("sweeps.stopped"))
        except KeyboardInterrupt:
            self._kill()
            reporter.end("stopped", Message("sweeps.keyboard", id=self._folder.id))
        except DigitLabError as error:
            reporter.end("failed", error.message)
        except OSError as error:
            reason = Message("errors.as_written", text=os.strerror(error.errno or 0))
            with contextlib.suppress(OSError):
                reporter.end("failed", Message("sweeps.unwritable", reason=reason))
        return reporter.status

    def _drive(self) -> tuple[str, Message | None]:
        """Make the trials; returns the state in which the sweep ends, and why."""
        for candidate in self._study.running():
            self._try(candidate)
        while (over := self._over()) is None:
            self._try(self._study.ask())
        best = best_trial(self._sweep, self._study.records())
        if over[0] == "finished" and best is None:
            over = "failed", Message("sweeps.no_best", count=len(self._study.records()))
        elif over[0] == "finished" and best is not None and len(self._sweep.directions) == 1:
            self._confirm(best)
            over = self._halted() or over
        self._show(last=True)
        return over

    def _over(self) -> tuple[str, Message | None] | None:
        """As `_drive` returns; None where another trial follows."""
        self._take_requests()
        self._sweep = self._folder.sweep()
        self._study.extend(self._sweep)
        records = self._study.records()
        if halted := self._halted():
            return halted
        if self._failures >= _FAILURES:
            reason = records[-1].reason or Message("sweeps.gone")
            return "failed", Message("sweeps.failing", count=_FAILURES, reason=reason)
        if self._untrainable >= _UNTRAINABLE:
            reason = records[-1].reason or Message("sweeps.gone")
            return "failed", Message("sweeps.untrainable_row", count=_UNTRAINABLE, reason=reason)
        # settings that cannot be trained cost nothing, and so do not count
        if sum(record.state != "untrainable" for record in records) >= self._sweep.trials:
            return "finished", None
        if self._study.is_exhausted():
            return "finished", None
        if 0 < self._sweep.minutes <= (time.monotonic() - self._began) / 60:
            return "finished", Message("sweeps.time_is_up", minutes=self._sweep.minutes)
        return None

    def _halted(self) -> tuple[str, Message | None] | None:
        if self._stopping:
            return "stopped", Message("sweeps.stopped")
        return ("stopped", Message("sweeps.paused")) if self._pausing else None

    def _try(self, candidate: Candidate) -> None:
        """Train the runs of a trial and record how it ended."""
        scores = list[tuple[float, ...]]()
        for place in range(self._sweep.seeds):
            try:
                run = self._run(candidate.number, candidate.values, place)
            except InvalidSetting as error:
                self._untrainable += 1
                self._study.end(candidate, "untrainable", error.message)
                return
            self._untrainable = 0
            self._study.note(candidate, [self._made[candidate.number, each, False] for each in range(place + 1)])
            outcome = self._follow(run, candidate if place == 0 else None)
            if outcome.state != "complete":
                self._failures = self._failures + 1 if outcome.state == "failed" else 0
                self._study.end(candidate, outcome.state, outcome.reason or Message("sweeps.gone"))
                return
            scores.append(outcome.scores)
        self._failures = 0
        self._study.complete(candidate, [fmean(each) for each in zip(*scores, strict=True)])

    def _confirm(self, best: TrialRecord) -> None:
        """Train the winner with new seeds."""
        runs, scores, tests = list[str](), list[float](), list[float]()
        for place in range(self._sweep.confirm):
            if self._halted():
                return
            runs.append(self._run(best.number, best.values, place, again=True))
            outcome = self._follow(runs[-1], None)
            if outcome.state == "complete":
                scores.append(outcome.scores[0])
                tests.append(self._store.find(runs[-1]).status.test_accuracy or 0.0)
            mean = (fmean(scores),) if scores else ()
            self._again = replace(best, again=True, runs=tuple(runs), scores=mean, tests=tuple(tests))

    def _run(self, number: int, values: dict[str, Value], place: int, *, again: bool = False) -> str:
        """The id of the run that trains a trial with its seed of this place: the one that there is, or a new one.

        Raises InvalidSetting where these settings cannot be trained.
        """
        key = number, place, again
        if key not in self._made:
            # a winner's new seeds are none of a trial's
            config = self._sweep.config_of(values, place + (self._sweep.seeds if again else 0))
            varied = [
                Message("sweeps.varied", name=label(name), value=value_label(name, value))
                for name, value in values.items()
            ]
            name = Message("sweeps.run_name", number=number, varied=varied)
            if again:
                name = Message("sweeps.run_name_again", varied=varied)
            beginning = Beginning(config)
            if self._sweep.origin:
                source, epoch = self._sweep.origin
                beginning = fork(self._store.find(source), epoch, config)
            files = {TRIAL_FILE: {"trial": number, "place": place, "again": again}}
            self._made[key] = self._begin(replace(beginning, name=name, group=self._folder.group, files=files))
        return self._made[key]

    def _begin(self, beginning: Beginning) -> str:
        """Queue a run, once its visitor has a place in the queue."""
        while True:
            try:
                (run_id,) = self._access.begin([beginning])
            except DigitLabError as error:
                if error.message.key not in FULL:
                    raise
                time.sleep(1)
                self._take_requests()
                if self._stopping or self._pausing:
                    raise _Stopped from None
            else:
                self._tick(at_once=True)
                return run_id

    def _follow(self, run_id: str, candidate: Candidate | None) -> _Outcome:
        """Wait for a run's end; with a candidate, report its epochs and stop it when it is beaten."""
        self._current = folder = RunFolder(self._store.runs_dir / run_id)
        reader, beaten, retries, shown = CurveReader(folder.epochs_csv, EPOCH_COLUMNS), None, 0, False
        reported = 0
        while True:
            self._take_requests()
            try:
                status = folder.status()
            except UnreadableRun:
                return _Outcome("failed", reason=Message("sweeps.gone"))
            rows = reader.read()
            for row in rows[reported:] if candidate is not None and beaten is None else ():
                beaten = beaten or self._study.report(candidate, int(row[0]), row[_VAL_LOSS])  # type: ignore[arg-type] # not None in this loop
            reported = len(rows)
            if self._stopping and status.state == "queued":
                self._queue.cancel(run_id)
            elif status.state in ACTIVE and (self._stopping or beaten) and not folder.control.pending:
                folder.control.ask("stop")
            elif status.state == "interrupted" and retries < _RETRIES:
                retries += 1
                self._queue.resume(run_id)
            elif status.state not in ACTIVE and status.state != "queued":
                self._current = None
                return self._outcome(folder, status, rows, beaten)
            if status.state == "training" and not shown:
                # while the processor is the run's, so that nothing waits for it between two runs
                shown = True
                self._show()
            self._tick(at_once=status.state == "queued")
            time.sleep(POLL_SECONDS)

    def _outcome(self, folder: RunFolder, status: Status, rows: Sequence[Row], beaten: Message | None) -> _Outcome:
        if status.exploded is not None:
            return _Outcome("diverged", reason=status.message)
        if status.state != "finished":
            if beaten is None or self._stopping or status.state != "stopped":
                return _Outcome("stopped" if status.state == "stopped" else "failed", reason=status.message)
            folder.change_status(message=beaten)
            return _Outcome("pruned", reason=beaten)
        kept = next((row for row in rows if int(row[0]) == status.best_epoch), None)
        if kept is None:
            return _Outcome("failed", reason=Message("sweeps.no_score"))
        first = kept[_VAL_LOSS if self._sweep.objective == "val_loss" else _VAL_ACCURACY]
        match self._sweep.second:
            case "parameters":
                second = (float(folder.manifest().config.parameters),)
            case "seconds":
                second = (status.seconds,)
            case "bytes":
                second = (float((folder.path / "model.tflite").stat().st_size),)
            case _:
                return _Outcome("complete", (first,))
        return _Outcome("complete", (first, *second))

    def _known_runs(self) -> dict[tuple[int, int, bool], str]:
        """The runs that an earlier process made, by trial, place and whether they train the winner again."""
        found = {}
        for run in self._store.runs():
            if run.manifest.group == self._folder.group:
                with contextlib.suppress(UnreadableRun, KeyError, TypeError, ValueError):
                    values = run.folder.read_json(TRIAL_FILE)
                    found[int(values["trial"]), int(values["place"]), values["again"] is True] = run.id
        return found

    def _tick(self, *, at_once: bool) -> None:
        """Let the queue start what is next; a server does so as well, but later."""
        if at_once or time.monotonic() - self._ticked > _TICK_SECONDS:
            self._ticked = time.monotonic()
            try:
                self._queue.tick()
            except DigitLabError as error:
                if error.message.key != "runs.runs_dir_busy":
                    raise

    def _take_requests(self) -> None:
        for request in self._folder.files.control.take():
            self._stopping |= request.command == "stop"
            if request.command in ("pause", "resume"):
                self._pausing = request.command == "pause"

    def _kill(self) -> None:
        """End the process of the run that trains, which goes on when the sweep does."""
        with contextlib.suppress(DigitLabError):
            owner = self._current.status().owner if self._current else None
            if owner is not None:
                owner.end()

    def _show(self, *, last: bool = False) -> None:
        """Write what pages show; figures only as often as their drawing takes a small part of the time."""
        records = self._study.records()
        ended = sum(record.state != "running" for record in records)
        shown = [*records, *([self._again] if self._again else [])]
        self._folder.write_trials(shown)
        self._reporter.change(epoch=ended, seconds=time.monotonic() - self._began)
        self._notify(shown)
        began = time.monotonic()
        if last or began >= self._next_drawing:
            self._draw(self._study, self._folder)
            now = time.monotonic()
            # meanwhile, the end of a run is not seen
            self._next_drawing = now + _DRAWING_SHARE * (now - began)
