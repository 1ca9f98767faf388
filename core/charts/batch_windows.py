"""The faint line of the batches: however many windows there are, it has only as many points as a chart can take."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from core.charts.trace import Trace
from core.runs.curves import Row
from core.runs.folder import BATCH_COLUMNS
from core.words import say

POINTS = 800
"""The most points that a line has; more windows are averaged in twos, fours, ..."""
_EPOCH, _BATCH, _LOSS, _ACCURACY = (BATCH_COLUMNS.index(name) for name in ("epoch", "batch", "loss", "accuracy"))


class _Group(NamedTuple):
    """So many windows that are one point, which stands where the last of them ends."""

    windows: int
    x: float
    loss: float
    """The sum of their losses, as of their accuracies."""
    accuracy: float

    def __add__(self, later: "_Group") -> "_Group":  # type: ignore[override] # no tuple is made longer
        return _Group(self.windows + later.windows, later.x, self.loss + later.loss, self.accuracy + later.accuracy)


class BatchWindows:
    """Takes windows as they come, and keeps groups of equally many; only whole ones are drawn, so no point moves."""

    def __init__(self, updates_per_epoch: int, generation: int = 0) -> None:
        self.generation = generation
        self.count = 0
        self.newest: Row | None = None
        self._updates_per_epoch = updates_per_epoch
        self._stride = 1
        self._whole: list[_Group] = []
        self._begun: _Group | None = None

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows of BATCH_COLUMNS."""
        for row in rows:
            self.count += 1
            self.newest = row
            window = _Group(1, row[_EPOCH] - 1 + row[_BATCH] / self._updates_per_epoch, row[_LOSS], row[_ACCURACY])
            self._begun = self._begun + window if self._begun else window
            if self._begun.windows == self._stride:
                self._whole.append(self._begun)
                self._begun = None
            if len(self._whole) > POINTS:
                self._halve()

    def line(self, metric: Literal["loss", "accuracy"]) -> Trace:
        """The means over the epochs."""
        return Trace(
            name=say("curves.batches"),
            role="training_batches",
            x=[group.x for group in self._whole],
            y=[getattr(group, metric) / group.windows for group in self._whole],
            generation=self.generation * 64 + self._stride.bit_length(),
        )

    def _halve(self) -> None:
        self._stride *= 2
        if len(self._whole) % 2:
            self._begun = self._whole.pop()
        self._whole = [first + second for first, second in zip(self._whole[::2], self._whole[1::2], strict=True)]
