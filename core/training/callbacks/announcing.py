"""Writes a run's first files after the first points of its chart."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import keras


class Announcing(keras.callbacks.Callback):
    """Calls `writes` once, after the first window of batches, and passes the seconds they took to `waited`.

    They take a second or two, by which they would otherwise delay the first point of a chart.
    """

    def __init__(self, *writes: Callable[[], Any], waited: Callable[[float], None]) -> None:
        super().__init__()
        self._writes: Sequence[Callable[[], Any]] = writes
        self._waited = waited

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        if self._writes:
            began = time.perf_counter()
            for write in self._writes:
                write()
            self._writes = ()
            self._waited(time.perf_counter() - began)
