"""The two charts of a run under way: loss and accuracy over epochs, batches faint behind."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.charts.trace import Role, Trace
from core.presets import PrintedHistory
from core.runs.curves import CurveReader, best_epoch
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.words import say

Metric = Literal["loss", "accuracy"]
POINTS = 800
"""The most batch windows that a line has; more of them are averaged in twos, fours, ..."""


@dataclass(slots=True)
class LearningCurves:
    """Reads a run's CSVs as they grow, and makes traces of them."""

    epochs: CurveReader
    batches: CurveReader
    updates_per_epoch: int
    reference: PrintedHistory | None = None

    @classmethod
    def of(cls, folder: RunFolder, updates_per_epoch: int, reference: PrintedHistory | None = None) -> "LearningCurves":
        """The curves of the run in a folder."""
        return cls(
            CurveReader(folder.epochs_csv, EPOCH_COLUMNS),
            CurveReader(folder.batches_csv, BATCH_COLUMNS),
            updates_per_epoch,
            reference,
        )

    def read(self) -> None:
        """Take in what was written since the last call."""
        self.epochs.read()
        self.batches.read()

    def traces(self, metric: Metric) -> list[Trace]:
        """The lines of one chart, the faint ones first."""
        traces = [self._batches(metric), self._line(metric, "training")]
        if any(not math.isnan(value) for value in self.epochs.column("val_loss")):
            traces.append(self._line(f"val_{metric}", "validation"))
            traces.append(self._best(f"val_{metric}"))
        if self.reference is not None:
            traces += self._reference(metric)
        return [trace for trace in traces if len(trace.x)]

    def _line(self, column: str, role: Role) -> Trace:
        return Trace(
            name=say(f"curves.{role}"),
            role=role,
            x=self.epochs.column("epoch"),
            y=self.epochs.column(column),
            generation=self.epochs.generation,
        )

    def _best(self, column: str) -> Trace:
        best = best_epoch(self.epochs.rows)
        row = next((r for r in self.epochs.rows if r[0] == best), None)
        value = row[EPOCH_COLUMNS.index(column)] if row else math.nan
        return Trace(
            name=say("curves.best"), role="best", x=[best or 0], y=[value], text=say("curves.best_is", epoch=best)
        )

    def _batches(self, metric: Metric) -> Trace:
        rows = self.batches.rows
        stride = 1 << max(0, math.ceil(math.log2(max(1, len(rows)) / POINTS)))
        epoch, batch, value = (BATCH_COLUMNS.index(name) for name in ("epoch", "batch", metric))
        # a window stands where it ends; only whole groups are drawn, so that points never move
        groups = [rows[i : i + stride] for i in range(0, len(rows) - stride + 1, stride)]
        return Trace(
            name=say("curves.batches"),
            role="training_batches",
            x=[group[-1][epoch] - 1 + group[-1][batch] / self.updates_per_epoch for group in groups],
            y=[_mean([row[value] for row in group]) for group in groups],
            generation=self.batches.generation * 64 + stride.bit_length(),
        )

    def _reference(self, metric: Metric) -> list[Trace]:
        assert self.reference is not None
        pairs: list[tuple[Role, str]] = [("reference_training", metric), ("reference_validation", f"val_{metric}")]
        return [
            Trace(name=say(f"curves.{role}"), role=role, x=range(1, len(values) + 1), y=values)
            for role, name in pairs
            if (values := getattr(self.reference, name))
        ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
