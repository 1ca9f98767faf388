"""What a run's folder has from its start, written as soon as the first figures have appeared."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import keras


class Announcing(keras.callbacks.Callback):
    """Calls what writes once, after the first window of batches; `waited` is told the seconds it took.

    It takes a second or two, which nobody should wait for before the first point of a chart.
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
