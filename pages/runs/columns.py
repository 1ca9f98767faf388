"""The columns of the table of runs: what each shows of a run, and of a group of runs in one row."""

import statistics
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from core import formatting as figures
from core.config.datasets import dataset_title
from core.runs.listing import SEEDS, RunRow
from core.text import clause, listed, say
from pages.state.visitor_time import moment
from pages.widgets.row_table import Cell, Kind

NAME = "name"
"""The first column, which is always shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunColumn:
    """A column; `of` gives a number or a text, None where there is none, and `text` words it."""

    of: Callable[[RunRow], Any]
    text: Callable[[Any], str] = str
    roughly: Callable[[Any], str] | None = None
    """Words an end of a group's range, by default as `text` does."""
    kind: Kind = "text"
    together: Literal["alike", "sum", "highest", "lowest", "latest", "nothing"] = "alike"
    """What a group shows: the value that all have or their range, their sum, the best or latest one, nothing."""

    def cell(self, row: RunRow) -> Cell:
        """The cell of a run."""
        value = self.of(row)
        if value in (None, "") or (self.kind == "curve" and len(row.curve) < 2):
            return Cell()
        return Cell(
            self.text(value),
            curve=row.curve if self.kind == "curve" else (),
            tags=row.run.label.tags if self.kind == "tags" else (),
        )

    def group_cell(self, rows: Sequence[RunRow], kind: str) -> Cell:
        """The cell of a group of runs, of this kind."""
        values = self._values(rows)
        if self.together == "nothing":
            return Cell("")
        if not values:
            return Cell()
        if self.together == "sum":
            return Cell(self.text(sum(values)))
        low, high = min(values), max(values)
        if low == high or self.together == "latest":
            return Cell(self.text(high))
        if self.together == "alike":
            if self.kind == "number":
                end = self.roughly or self.text
                return Cell(say("run_list.range", low=end(low), high=end(high)))
            return Cell(say("run_list.different", count=len(set(values))))
        if kind == SEEDS:
            mean, spread = self.text(statistics.fmean(values)), self.text(statistics.stdev(values))
            return Cell(say("run_list.mean", mean=mean.removesuffix(figures.percent_sign()), spread=spread))
        return Cell(say("run_list.best", value=self.text(high if self.together == "highest" else low)))

    def rank(self, rows: Sequence[RunRow]) -> Any:
        """What the row of a run, or of a group, is sorted by; None goes last."""
        values = self._values(rows)
        if not values:
            return None
        if self.together == "sum":
            return sum(values)
        return min(values) if self.together == "lowest" else max(values)

    def _values(self, rows: Sequence[RunRow]) -> list[Any]:
        return [value for row in rows if (value := self.of(row)) not in (None, "")]


def _setting(name: str) -> Callable[[RunRow], Any]:
    return lambda row: getattr(row.settings, name) if row.settings else None


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def columns(sizes: Mapping[str, int] = MappingProxyType({})) -> dict[str, RunColumn]:
    """All columns but the name, in the order in which they stand; `sizes` has the bytes of each run's files."""
    return {
        "state": RunColumn(of=lambda row: say(f"run_list.state.{row.state}")),
        "test_accuracy": RunColumn(
            of=lambda row: row.test_accuracy, text=figures.percent, kind="number", together="highest"
        ),
        "val_accuracy": RunColumn(
            of=lambda row: row.val_accuracy, text=figures.percent, kind="number", together="highest"
        ),
        "val_loss": RunColumn(of=lambda row: row.val_loss, text=figures.loss, kind="number", together="lowest"),
        "curve": RunColumn(
            of=lambda row: row.curve[-1] if row.curve else None,
            text=lambda last: say("run_list.curve_ends", loss=figures.loss(last)),
            kind="curve",
            together="nothing",
        ),
        "network": RunColumn(of=lambda row: row.network),
        "parameters": RunColumn(of=lambda row: row.parameters, text=_whole, kind="number"),
        "learning_rate": RunColumn(
            of=_setting("learning_rate"),
            text=figures.rate,
            # a sweep's rates have digits that mean nothing, and no column has room for two of them
            roughly=lambda value: figures.rate(float(f"{value:.2g}")),
            kind="number",
        ),
        "optimizer": RunColumn(of=_setting("optimizer"), text=lambda name: say(f"options.optimizer.{name}")),
        "batch_size": RunColumn(of=_setting("batch_size"), text=_whole, kind="number"),
        "epochs": RunColumn(of=lambda row: row.epochs, text=_whole, kind="number"),
        "best_epoch": RunColumn(of=lambda row: row.best_epoch, text=_whole, kind="number"),
        "seconds": RunColumn(of=lambda row: row.seconds or None, text=figures.duration, kind="number", together="sum"),
        "dataset": RunColumn(
            of=lambda row: row.config.dataset if row.config else None, text=lambda name: say(dataset_title(name))
        ),
        "seed": RunColumn(of=_setting("seed"), kind="number"),
        "size": RunColumn(of=lambda row: sizes.get(row.id), text=figures.size, kind="number", together="sum"),
        "created": RunColumn(of=lambda row: row.run.created or None, text=moment, kind="number", together="latest"),
        "tags": RunColumn(of=lambda row: listed(row.run.label.tags), kind="tags"),
        "note": RunColumn(
            of=lambda row: clause(row.problem) if row.problem else row.run.note, kind="note", together="nothing"
        ),
    }


NAMES = tuple(columns())
NARROW = ("test_accuracy", "state")
"""The columns for which a phone has room."""
_DEFAULT = (
    *("state", "test_accuracy", "curve", "dataset", "learning_rate", "optimizer", "batch_size", "epochs", "seconds"),
)


def default_columns(tags: Collection[str]) -> tuple[str, ...]:
    """The columns shown unless others are chosen, as many as fit a laptop; that of the tags if there are any."""
    return (*_DEFAULT, "tags" if tags else "created")
