"""Records windows of batches and epochs as they happen."""

import math
import time
from typing import Any, NoReturn

import keras
import numpy as np

from core.errors import DigitLabError
from core.runs.curves import CurveReader, best_epoch, csv_line
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.reporter import Reporter
from core.runs.weights import weighted_epochs
from core.training.batch_losses import BatchLosses
from core.training.callbacks.pace import Pace
from core.training.one_cycle import last_rate, set_rate

WINDOW_SECONDS = 0.2


class Recording(keras.callbacks.Callback):
    """Appends to the two CSVs and keeps the status up to date.

    Keras's logs are means since the start of the epoch; a window's mean comes from the difference of two of them. When
    the loss becomes NaN or infinite, writes the losses up to there and raises DigitLabError.
    """

    def __init__(
        self, folder: RunFolder, reporter: Reporter, *, images: int, batch_size: int, epochs: int, losses: BatchLosses
    ) -> None:
        super().__init__()
        self._folder = folder
        self._reporter = reporter
        self._images = images
        self._batch_size = batch_size
        self._batches = math.ceil(images / batch_size)
        self._epochs = epochs
        self._losses = losses
        self._pace = Pace()
        self._before = reporter.status.seconds
        self._waited = 0.0
        self._epoch_waited = 0.0
        self._rate: float | None = None
        self._window_started = 0.0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        self._started = time.perf_counter()
        _begin_csv(self._folder.epochs_csv, EPOCH_COLUMNS)
        _begin_csv(self._folder.batches_csv, BATCH_COLUMNS)
        self._epoch_reader = CurveReader(self._folder.epochs_csv, EPOCH_COLUMNS)
        # a killed run's status may be ahead of the point where it resumes
        rows = self._epoch_reader.read()
        # a fork may have rows of epochs whose weights its origin did not keep
        self._weightless = {int(row[0]) for row in rows} - set(weighted_epochs(self._folder))
        best = best_epoch(rows, without=self._weightless)
        self._reporter.change(epoch=int(rows[-1][0]) if rows else 0, batch=0, best_epoch=best)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        now = time.perf_counter()
        # each epoch ends with a window, so there is a speed from the second epoch on
        if self._rate is not None:
            self._pace.add_end(now - self._window_started)
        self._epoch = epoch
        self._epoch_started = self._window_started = now
        self._epoch_waited = self._waited
        self._window_batches, self._executed = 0, 0
        self._sums = self._executed_sums = {"loss": 0.0, "accuracy": 0.0}

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        logs = logs or {}
        # with several batches per execution, the last batch number of an epoch overshoots
        batches = min(batch + 1, self._batches)
        if not math.isfinite(logs["loss"]):
            self._explode(batches)
        now = time.perf_counter()
        self._executed = batches
        self._executed_sums = {name: logs[name] * self._images_of(batches) for name in self._sums}
        # someone waits for the first window, however short it is
        if self._rate is not None and batches < self._batches and now - self._window_started < WINDOW_SECONDS:
            return
        seconds = now - self._window_started
        speed = self._write_window(seconds)
        self._pace.add_window(batches - self._window_batches, seconds)
        self._window_batches, self._sums, self._window_started = batches, self._executed_sums, now
        self._rate = speed if self._rate is None else 0.7 * self._rate + 0.3 * speed
        self._reporter.change(
            state="training",
            epoch=self._epoch,
            batch=batches,
            images_per_second=self._rate,
            seconds=self._seconds(now),
            seconds_left=self._seconds_left(batches),
            learning_rate=set_rate(self.model.optimizer),
        )

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        logs = logs or {}
        now = time.perf_counter()
        seconds = now - self._epoch_started - (self._waited - self._epoch_waited)
        values = {**logs, "epoch": epoch + 1, "seconds": seconds}
        values["learning_rate"] = set_rate(self.model.optimizer)
        # as the CSV has it, so that the best epoch is the same when it is read again
        self.row = tuple(float(f"{values.get(name, math.nan):.7g}") for name in EPOCH_COLUMNS)

    def best_epoch(self) -> int | None:
        """The best epoch so far, including the one that has just ended."""
        return best_epoch([*self._epoch_reader.read(), self.row], without=self._weightless)

    def show_epoch(self) -> None:
        """Add the finished epoch to the CSV; call it once the run can resume from it."""
        best = self.best_epoch()
        _append(self._folder.epochs_csv, self.row)
        seconds = self._seconds(time.perf_counter())
        epoch, left = int(self.row[0]), self._seconds_left(self._batches, ended=True)
        self._reporter.change(epoch=epoch, batch=0, seconds=seconds, seconds_left=left, best_epoch=best)

    def waited(self, seconds: float) -> None:
        """Leave this many seconds out of all times and speeds."""
        self._waited += seconds
        self._window_started += seconds

    def _seconds(self, now: float) -> float:
        return self._before + now - self._started - self._waited

    def _seconds_left(self, batches: int, *, ended: bool = False) -> float | None:
        epochs = self._epochs - self._epoch
        return self._pace.seconds_left(epochs * self._batches - batches, epochs - ended)

    def _images_of(self, batches: int) -> int:
        return min(batches * self._batch_size, self._images)

    def _write_window(self, seconds: float) -> float:
        """Write the means of the batches since the last window; returns the images per second."""
        new = self._images_of(self._executed) - self._images_of(self._window_batches)
        means = {name: max(0.0, (self._executed_sums[name] - self._sums[name]) / new) for name in self._sums}
        speed = new / seconds
        rate = last_rate(self.model.optimizer)
        row = (self._epoch + 1, self._executed, means["loss"], means["accuracy"], speed, rate)
        _append(self._folder.batches_csv, row)
        return speed

    def _explode(self, batches: int) -> NoReturn:
        """Write the last finite losses batch by batch and where the first non-finite one was, then raise."""
        if self._executed > self._window_batches:
            self._write_window(time.perf_counter() - self._window_started)
        losses = self._losses.last(batches - self._executed)
        # if all are finite, their sum was not
        finite = int(np.argmin([*np.isfinite(losses), False]))
        for number, loss in enumerate(losses[:finite], start=self._executed + 1):
            _append(self._folder.batches_csv, (self._epoch + 1, number, float(loss), math.nan, math.nan, math.nan))
        batch = min(self._executed + finite + 1, batches)
        self._reporter.change(
            epoch=self._epoch,
            batch=batch,
            exploded=self._epoch + batch / self._batches,
            learning_rate=set_rate(self.model.optimizer),
        )
        raise DigitLabError("training.not_a_number", epoch=self._epoch + 1, batch=batch)


def _begin_csv(path: Any, columns: tuple[str, ...]) -> None:
    if not path.exists():
        path.write_text(",".join(columns) + "\n", encoding="utf-8")


def _append(path: Any, row: tuple[float, ...]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(csv_line(row))
