"""What pages ask of a training while it runs."""

from __future__ import annotations

import time
from typing import Any

from digit_lab.record.spool import Training

POLL_SECONDS = 0.1
_LARGEST_RATE = 10


class Requests:
    """Stops, pauses or goes on with a training, or changes its learning rate; `stopped` says whether it was stopped."""

    def __init__(self, model: Any, training: Training) -> None:
        self._model, self._training = model, training
        self.stopped = False

    def obey(self) -> float:
        """Carry out what was asked since the last call; returns the seconds that it waited in a pause."""
        match self._training.command():
            case {"command": "stop"}:
                self._stop()
            case {"command": "learning_rate", "value": float() | int() as rate}:
                self._set_rate(rate)
            case {"command": "pause"}:
                return self._wait()
        return 0.0

    def _wait(self) -> float:
        """Wait until a page asks to go on or to stop, or its requests would reach nobody."""
        began = time.perf_counter()
        self._training.tell("paused")
        while self._training.recorder_lives():
            match self._training.command():
                case {"command": "learning_rate", "value": float() | int() as rate}:
                    self._set_rate(rate)
                case {"command": "stop"}:
                    self._stop()
                    break
                case None | {"command": "pause"}:
                    time.sleep(POLL_SECONDS)
                case _:
                    break
        waited = time.perf_counter() - began
        self._training.tell("resumed", waited)
        return waited

    def _stop(self) -> None:
        self.stopped = self._model.stop_training = True

    def _set_rate(self, rate: float) -> None:
        if not 0 < rate <= _LARGEST_RATE:
            return
        try:
            self._model.optimizer.learning_rate = float(rate)
        except Exception:  # a schedule takes no rate by hand
            return
        self._training.tell("rate", float(rate))
