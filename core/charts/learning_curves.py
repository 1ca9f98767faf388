"""Loss and accuracy charts of a running training: lines over epochs, with faint batch values behind."""

import math
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from core.charts.batch_windows import BatchWindows
from core.charts.trace import Role, Trace
from core.config.printed import PrintedHistory
from core.runs.curves import CurveReader, Row, best_epoch
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.text import say

Metric = Literal["loss", "accuracy"]


@dataclass(frozen=True, slots=True)
class Curves:
    """A run's curves as of one read."""

    epochs: tuple[Row, ...] = ()
    newest: Row | None = None
    """The most recent window of batches, in the order of BATCH_COLUMNS."""
    loss: tuple[Trace, ...] = ()
    """The lines of the loss chart, faint ones first."""
    accuracy: tuple[Trace, ...] = ()
    rate: tuple[Trace, ...] = ()
    """The learning rate, by window of batches; by epoch where earlier versions did not record it otherwise."""

    def column(self, name: str) -> list[float]:
        """The values of one of EPOCH_COLUMNS."""
        return _column(self.epochs, name)


class LearningCurves:
    """Reads a run's growing CSVs and turns them into lines; thread-safe.

    Memory, and the time for reading a few new rows, do not grow with the number of windows.
    """

    def __init__(self, folder: RunFolder, updates_per_epoch: int, reference: PrintedHistory | None = None) -> None:
        self._lock = threading.Lock()
        self._epochs = CurveReader(folder.epochs_csv, EPOCH_COLUMNS)
        self._batches = CurveReader(folder.batches_csv, BATCH_COLUMNS)
        self._windows = BatchWindows(updates_per_epoch)
        self._updates_per_epoch = updates_per_epoch
        self._reference = reference
        self._version = (0, 0, 0, 0)
        self._curves = Curves(loss=self._lines((), "loss"), accuracy=self._lines((), "accuracy"))

    def read(self) -> Curves:
        """All that has been written so far."""
        with self._lock:
            epochs = tuple(self._epochs.read())
            new = self._batches.read()
            if self._windows.generation != self._batches.generation:
                self._windows = BatchWindows(self._updates_per_epoch, self._batches.generation)
            self._windows.add(new)
            # the averages replace them
            new.clear()
            version = self._epochs.generation, len(epochs), self._windows.generation, self._windows.count
            if version != self._version:
                self._version = version
                lines = self._lines(epochs, "loss"), self._lines(epochs, "accuracy")
                self._curves = Curves(epochs, self._windows.newest, *lines, self._rate(epochs))
            return self._curves

    def _lines(self, epochs: tuple[Row, ...], metric: Metric) -> tuple[Trace, ...]:
        lines = [self._windows.line(metric), self._line(epochs, metric, "training")]
        if any(not math.isnan(value) for value in _column(epochs, "val_loss")):
            lines += [self._line(epochs, f"val_{metric}", "validation"), _best(epochs, f"val_{metric}")]
        if self._reference is not None:
            lines += _printed(self._reference, metric)
        return tuple(line for line in lines if len(line.x))

    def _rate(self, epochs: tuple[Row, ...]) -> tuple[Trace, ...]:
        rate = self._windows.line("rate")
        if all(value is None or math.isnan(value) for value in rate.y):
            rate = replace(self._line(epochs, "learning_rate", "training"), name=say("curves.rate"))
        return (replace(rate, role="training"),) if rate.x else ()

    def _line(self, epochs: tuple[Row, ...], column: str, role: Role) -> Trace:
        return Trace(
            name=say(f"curves.{role}"),
            role=role,
            x=_column(epochs, "epoch"),
            y=_column(epochs, column),
            generation=self._epochs.generation,
        )


def exploded(curves: Curves, at: float) -> Trace:
    """A marker on the last finite loss, at the point (`at`, in epochs) where the loss became NaN."""
    by_epoch = [loss for loss in curves.column("loss") if math.isfinite(loss)]
    last = curves.newest[BATCH_COLUMNS.index("loss")] if curves.newest else (by_epoch or [math.nan])[-1]
    return Trace(name=say("curves.exploded"), role="exploded", x=[at], y=[last], text=say("curves.exploded"))


def _best(epochs: tuple[Row, ...], column: str) -> Trace:
    best = best_epoch(epochs)
    row = next((r for r in epochs if r[0] == best), None)
    value = row[EPOCH_COLUMNS.index(column)] if row else math.nan
    return Trace(name=say("curves.best"), role="best", x=[best or 0], y=[value], text=say("curves.best_is", epoch=best))


def _printed(history: PrintedHistory, metric: Metric) -> Iterable[Trace]:
    pairs: list[tuple[Role, str]] = [("reference_training", metric), ("reference_validation", f"val_{metric}")]
    for role, name in pairs:
        if values := getattr(history, name):
            x, text = range(1, len(values) + 1), say("curves.reference")
            yield Trace(name=say(f"curves.{role}"), role=role, x=x, y=values, text=text)


def _column(epochs: tuple[Row, ...], name: str) -> list[float]:
    index = EPOCH_COLUMNS.index(name)
    return [row[index] for row in epochs]
