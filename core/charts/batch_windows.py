"""The faint line of batch losses, averaged so that it never exceeds a fixed number of points."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from core.charts.trace import Trace
from core.runs.curves import Row
from core.runs.folder import BATCH_COLUMNS
from core.text import say

POINTS = 800
"""Maximum number of points on a line; beyond it, windows are averaged in groups of 2, 4, …"""
_EPOCH, _BATCH, _LOSS, _ACCURACY, _RATE = (
    BATCH_COLUMNS.index(name) for name in ("epoch", "batch", "loss", "accuracy", "learning_rate")
)


class _Point(NamedTuple):
    """The means of a group of windows, placed where its last window ends."""

    x: float
    loss: float
    accuracy: float
    rate: float
    """The learning rate of its last update; NaN in files of earlier versions."""


class BatchWindows:
    """Averages incoming windows in groups of equal size; draws complete groups only, so that no point moves."""

    def __init__(self, updates_per_epoch: int, generation: int = 0) -> None:
        self.generation = generation
        self.count = 0
        self.newest: Row | None = None
        self._updates_per_epoch = updates_per_epoch
        self._stride = 1
        self._points: list[_Point] = []
        self._begun = (0, 0.0, 0.0)
        """The incomplete group: number of windows, and the sums of their losses and accuracies."""

    def add(self, rows: Sequence[Row]) -> None:
        """Add rows of BATCH_COLUMNS."""
        windows, loss, accuracy = self._begun
        for row in rows:
            windows, loss, accuracy = windows + 1, loss + row[_LOSS], accuracy + row[_ACCURACY]
            if windows == self._stride:
                x = row[_EPOCH] - 1 + row[_BATCH] / self._updates_per_epoch
                self._points.append(_Point(x, loss / windows, accuracy / windows, row[_RATE]))
                windows, loss, accuracy = self._halve() if len(self._points) > POINTS else (0, 0.0, 0.0)
        self._begun = windows, loss, accuracy
        self.count += len(rows)
        self.newest = rows[-1] if rows else self.newest

    def line(self, metric: Literal["loss", "accuracy", "rate"]) -> Trace:
        """The group means of a metric over epochs; of the learning rate, that of each group's last update."""
        return Trace(
            name=say("curves.rate" if metric == "rate" else "curves.batches"),
            role="training_batches",
            x=[point.x for point in self._points],
            y=[getattr(point, metric) for point in self._points],
            generation=self.generation * 64 + self._stride.bit_length(),
        )

    def _halve(self) -> tuple[int, float, float]:
        """Merge groups in pairs; an odd one out is returned as the new incomplete group."""
        left = self._points.pop() if len(self._points) % 2 else None
        begun = (self._stride, left.loss * self._stride, left.accuracy * self._stride) if left else (0, 0.0, 0.0)
        self._stride *= 2
        self._points = [
            _Point(second.x, (first.loss + second.loss) / 2, (first.accuracy + second.accuracy) / 2, second.rate)
            for first, second in zip(self._points[::2], self._points[1::2], strict=True)
        ]
        return begun
