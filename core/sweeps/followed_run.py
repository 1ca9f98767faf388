"""A run of a trial, followed to its end: its epochs are reported, and it is stopped where others beat it."""

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.errors import DigitLabError, UnreadableRun
from core.queue.queue import Queue
from core.runs.curves import CurveReader, Row
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.status import ACTIVE, Status
from core.sweeps.sweep import Sweep
from core.text import Message

_RETRIES = 3
"""How often a run whose process was killed goes on before its trial counts as failed."""
_VAL_LOSS, _VAL_ACCURACY = EPOCH_COLUMNS.index("val_loss"), EPOCH_COLUMNS.index("val_accuracy")

Report = Callable[[int, float], Message | None]
"""Gets each epoch and its validation loss; returns by what the trial is beaten, None to go on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run of a trial ended: the scores of the kept epoch, or why there are none."""

    state: str
    scores: tuple[float, ...] = ()
    reason: Message | None = None


class FollowedRun:
    """A run that waits or trains; `look` sees how far it is."""

    def __init__(self, folder: RunFolder, sweep: Sweep, queue: Queue, report: Report | None = None) -> None:
        self.folder = folder
        self.state = "queued"
        """Of the run when it was last looked at."""
        self.since = time.monotonic()
        """When it was followed from, in seconds of the monotonic clock."""
        self.epoch = 0
        """Its last finished one."""
        self.scores: tuple[float, ...] | None = None
        """Of the epoch that is its best so far; None where there is none yet."""
        self._sweep = sweep
        self._queue = queue
        self._report = report
        self._reader = CurveReader(folder.epochs_csv, EPOCH_COLUMNS)
        self._beaten: Message | None = None
        self._reported = self._retries = 0

    def look(self, *, stopping: bool) -> Outcome | None:
        """How the run ended, None while it goes on; where the sweep is `stopping`, it is asked to end."""
        try:
            status = self.folder.status()
            rows = self._reader.read()
            if status.epoch > self.epoch:
                self.epoch, self.scores = status.epoch, self._scores(status, rows)
        except UnreadableRun:
            return Outcome("failed", reason=Message("sweeps.gone"))
        self.state = status.state
        self._report_epochs(rows)
        if stopping and status.state == "queued":
            # unless it begins at this moment
            with contextlib.suppress(DigitLabError):
                self._queue.cancel(self.folder.id)
        elif status.state in ACTIVE and (stopping or self._beaten) and not self.folder.control.pending:
            self.folder.control.ask("stop")
        elif status.state == "interrupted" and self._retries < _RETRIES:
            self._retries += 1
            # unless a person has resumed it
            with contextlib.suppress(DigitLabError):
                self._queue.resume(self.folder.id)
        elif status.state not in ACTIVE and status.state != "queued":
            return self._outcome(status, rows, stopping=stopping)
        return None

    def kill(self) -> None:
        """End its process; the run goes on when the sweep does. Raises DigitLabError."""
        owner = self.folder.status().owner
        if owner is not None:
            owner.end()

    def _report_epochs(self, rows: Sequence[Row]) -> None:
        if self._report is not None:
            for row in rows[self._reported :]:
                if self._beaten is None:
                    self._beaten = self._report(int(row[0]), row[_VAL_LOSS])
        self._reported = len(rows)

    def _outcome(self, status: Status, rows: Sequence[Row], *, stopping: bool) -> Outcome:
        if status.exploded is not None:
            return Outcome("diverged", reason=status.message)
        if status.state != "finished":
            if self._beaten is None or stopping or status.state != "stopped":
                return Outcome("stopped" if status.state == "stopped" else "failed", reason=status.message)
            self.folder.change_status(message=self._beaten)
            return Outcome("pruned", reason=self._beaten)
        scores = self._scores(status, rows)
        return Outcome("failed", reason=Message("sweeps.no_score")) if scores is None else Outcome("complete", scores)

    def _scores(self, status: Status, rows: Sequence[Row]) -> tuple[float, ...] | None:
        """What counts of the best epoch; None where that is not known."""
        kept = next((row for row in rows if int(row[0]) == status.best_epoch), None)
        if kept is None:
            return None
        first = kept[_VAL_LOSS if self._sweep.objective == "val_loss" else _VAL_ACCURACY]
        match self._sweep.second:
            case "parameters":
                return first, float(self.folder.manifest().config.parameters)
            case "seconds":
                return first, status.seconds
            case "bytes":
                model = self.folder.path / "model.tflite"
                return (first, float(model.stat().st_size)) if model.exists() else None
            case _:
                return (first,)
