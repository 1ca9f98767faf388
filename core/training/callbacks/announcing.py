"""The network's own file, written as soon as the first figures have appeared."""

from collections.abc import Callable
from typing import Any

import keras


class Announcing(keras.callbacks.Callback):
    """Calls `write` once, after the first window of batches.

    It takes most of a second, which nobody should wait for before the first point of a chart.
    """

    def __init__(self, write: Callable[[], None]) -> None:
        super().__init__()
        self._write: Callable[[], None] | None = write

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        if self._write is not None:
            self._write()
            self._write = None
