"""Requests from pages to a training run: stop, pause, resume, change the learning rate."""

import math
import time
from collections.abc import Callable
from typing import Any

import keras

from core.runs.control import Request
from core.runs.folder import RunFolder
from core.runs.reporter import Reporter

POLL_SECONDS = 0.1


class Stopped(Exception):
    """The run was asked to stop during an epoch; finished epochs are kept."""


class Steering(keras.callbacks.Callback):
    """Carries out the requests in the run's control folder after every window of batches.

    A stop during the first epoch ends the epoch early and keeps it, since there is nothing else to keep; a stop during
    a later one drops that epoch by raising Stopped.
    """

    def __init__(self, folder: RunFolder, reporter: Reporter, *, waited: Callable[[float], None]) -> None:
        super().__init__()
        self._folder = folder
        self._reporter = reporter
        self._waited = waited
        self._epoch = 0
        self.stopped = False

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        for request in self._folder.control.take():
            self._carry_out(request)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        for request in self._folder.control.take():
            if request.command == "stop":
                self.stopped = self.model.stop_training = True
            else:
                self._carry_out(request)

    def _carry_out(self, request: Request) -> None:
        match request:
            case Request("stop"):
                self._stop()
            case Request("pause"):
                self._pause()
            case Request("learning_rate", float() | int() as rate) if 0 < rate <= 10 and math.isfinite(rate):
                self.model.optimizer.learning_rate = float(rate)
                self._reporter.change(learning_rate=float(rate), rate_by_hand=float(rate))

    def _stop(self) -> None:
        self.stopped = True
        if self._epoch > 0:
            raise Stopped
        self.model.stop_training = True

    def _pause(self) -> None:
        began = time.perf_counter()
        self._reporter.change(state="paused", images_per_second=0.0)
        while self._folder.path.is_dir():
            for request in self._folder.control.take():
                if request.command in ("resume", "stop"):
                    self._waited(time.perf_counter() - began)
                    self._reporter.change(state="training")
                    if request.command == "stop":
                        self._stop()
                    return
                if request.command != "pause":
                    self._carry_out(request)
            time.sleep(POLL_SECONDS)
        # the folder is gone, and nobody can resume the run
        raise Stopped
