"""The faint line of the batches: however many windows there are, it has only as many points as a chart can take."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from core.charts.trace import Trace
from core.runs.curves import Row
from core.runs.folder import BATCH_COLUMNS
from core.text import say

POINTS = 800
"""The most points that a line has; more windows are averaged in twos, fours, ..."""
_EPOCH, _BATCH, _LOSS, _ACCURACY = (BATCH_COLUMNS.index(name) for name in ("epoch", "batch", "loss", "accuracy"))


class _Point(NamedTuple):
    """The means of a group of windows, which stands where the last of them ends."""

    x: float
    loss: float
    accuracy: float


class BatchWindows:
    """Takes windows as they come, and keeps means of equally many; only whole groups are drawn, so no point moves."""

    def __init__(self, updates_per_epoch: int, generation: int = 0) -> None:
        self.generation = generation
        self.count = 0
        self.newest: Row | None = None
        self._updates_per_epoch = updates_per_epoch
        self._stride = 1
        self._points: list[_Point] = []
        self._begun = (0, 0.0, 0.0)
        """How many windows the group has that is not whole yet, and the sums of their losses and accuracies."""

    def add(self, rows: Sequence[Row]) -> None:
        """Take rows of BATCH_COLUMNS."""
        windows, loss, accuracy = self._begun
        for row in rows:
            windows, loss, accuracy = windows + 1, loss + row[_LOSS], accuracy + row[_ACCURACY]
            if windows == self._stride:
                x = row[_EPOCH] - 1 + row[_BATCH] / self._updates_per_epoch
                self._points.append(_Point(x, loss / windows, accuracy / windows))
                windows, loss, accuracy = self._halve() if len(self._points) > POINTS else (0, 0.0, 0.0)
        self._begun = windows, loss, accuracy
        self.count += len(rows)
        self.newest = rows[-1] if rows else self.newest

    def line(self, metric: Literal["loss", "accuracy"]) -> Trace:
        """The means over the epochs."""
        return Trace(
            name=say("curves.batches"),
            role="training_batches",
            x=[point.x for point in self._points],
            y=[getattr(point, metric) for point in self._points],
            generation=self.generation * 64 + self._stride.bit_length(),
        )

    def _halve(self) -> tuple[int, float, float]:
        """Make one of every two groups; returns what is left over, as the beginning of another."""
        left = self._points.pop() if len(self._points) % 2 else None
        begun = (self._stride, left.loss * self._stride, left.accuracy * self._stride) if left else (0, 0.0, 0.0)
        self._stride *= 2
        self._points = [
            _Point(second.x, (first.loss + second.loss) / 2, (first.accuracy + second.accuracy) / 2)
            for first, second in zip(self._points[::2], self._points[1::2], strict=True)
        ]
        return begun
