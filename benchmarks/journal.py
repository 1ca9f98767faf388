"""Records when a training wrote each of its points, and its speed between two moments."""

import math
import threading
from itertools import pairwise
from time import monotonic
from types import TracebackType
from typing import Self

from core.runs.curves import CurveReader, Row
from core.runs.folder import BATCH_COLUMNS, RunFolder

_LOOK_SECONDS = 0.02
_EPOCH, _BATCH, _SPEED = (BATCH_COLUMNS.index(name) for name in ("epoch", "batch", "images_per_second"))


class Journal:
    """Follows a run's batch windows in a thread; times are in seconds of the monotonic clock."""

    def __init__(self, folder: RunFolder) -> None:
        manifest = folder.manifest()
        self._updates, self._batch_size = manifest.config.updates_per_epoch, manifest.config.batch_size
        self._reader = CurveReader(folder.batches_csv, BATCH_COLUMNS)
        self._moments: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="journal", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def rows(self) -> list[tuple[float, Row]]:
        """The rows so far, each with the time at which it appeared, accurate to some hundredths of a second."""
        return list(zip(self._moments, self._reader.rows, strict=False))

    def written(self) -> dict[float, float]:
        """The time of each point, by its position on the chart's axis of epochs as the page sends it."""
        return {float(f"{self._place(row):.6g}"): moment for moment, row in self.rows}

    def speed(self, begin: float, end: float) -> float:
        """Images per second between two times, without the gaps between epochs; NaN if nothing was written."""
        images = seconds = 0.0
        for (_, before), (moment, row) in pairwise(self.rows):
            if begin <= moment <= end and row[_EPOCH] == before[_EPOCH]:
                count = (row[_BATCH] - before[_BATCH]) * self._batch_size
                images += count
                seconds += count / row[_SPEED]
        return images / seconds if seconds else math.nan

    def _place(self, row: Row) -> float:
        return row[_EPOCH] - 1 + row[_BATCH] / self._updates

    def _follow(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            count = len(self._reader.read())
            self._moments += [monotonic()] * (count - len(self._moments))
