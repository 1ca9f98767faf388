"""The trainings in a table, as Keras's CSVLogger or pandas writes it."""

import csv
import io
import math
from collections.abc import Iterable, Sequence

from core.logs.training import Training, Values, first_is_one, metric_of, plausible

_SEPARATORS = ",;\t|"
_COUNTS = ("epoch", "epochs", "", "unnamed: 0", "index")
"""Names of a column with the epoch; pandas gives its index none."""
_MISSING = ("", "na", "none", "null")


def read_table(name: str, text: str) -> list[Training]:
    """The trainings in a CSV, more than one if a file was appended to; none if it is not a table of metrics."""
    first, _, _ = text.lstrip("\r\n").partition("\n")
    separator = max(_SEPARATORS, key=first.count)
    csv.field_size_limit(100_000)
    found = list[_Table]()
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in rows:
            if is_header := _is_header(row):
                found.append(_Table(name, row))
            elif found and row and not found[-1].take(row):
                found.append(found[-1].next())
                found[-1].take(row)
            if not found and row and not is_header:
                return []
    except csv.Error:
        if not found:
            return []
        found[-1].training.skipped += 1
    return [table.complete() for table in found if table.rows]


def _is_header(row: Sequence[str]) -> bool:
    return any(metric_of(cell) for cell in row) and not any(_number(cell) is not None for cell in row if cell)


class _Table:
    """The rows below one header."""

    def __init__(self, name: str, header: Sequence[str]) -> None:
        self.training = Training(name)
        self.header = [cell.strip() for cell in header]
        plain = [cell.lower() for cell in self.header]
        self.count = next((plain.index(known) for known in _COUNTS if known in plain), None)
        self.rows: dict[int, Sequence[str]] = {}

    def next(self) -> "_Table":
        """The same columns, for another training."""
        return _Table(self.training.file, self.header)

    def take(self, row: Sequence[str]) -> bool:
        """Take a row; False if it begins another training. One of an epoch that was repeated replaces the others."""
        epoch = self._epoch(row)
        if len(row) != len(self.header) or epoch is None:
            self.training.skipped += 1
            return True
        if self.rows and epoch <= next(iter(self.rows)):
            return False
        # a training that was resumed goes on from an earlier epoch; the rows ascend
        while self.rows and next(reversed(self.rows)) >= epoch:
            self.rows.popitem()
        self.rows[epoch] = row
        return True

    def complete(self) -> Training:
        """The training, with the columns under our names."""
        numbers = first_is_one(self.rows)
        metrics = dict[str, Values]()
        for place, header in enumerate(self.header):
            if place == self.count or not (name := metric_of(header)) or name in metrics:
                continue
            values = {numbers[epoch]: _number(row[place]) for epoch, row in self.rows.items()}
            metrics[name] = {epoch: value for epoch, value in values.items() if value is not None}
        self.training.metrics = plausible(metrics)
        self.training.left_out = dict.fromkeys(_others(self.header, self.count, self.training.metrics))
        return self.training

    def _epoch(self, row: Sequence[str]) -> int | None:
        if self.count is None:
            return len(self.rows)
        value = _number(row[self.count]) if self.count < len(row) else None
        known = value is not None and value.is_integer() and 0 <= value < 10**9
        return int(value) if known and value is not None else None


def _others(header: Iterable[str], count: int | None, metrics: Iterable[str]) -> list[str]:
    """The columns that became none of these metrics."""
    taken = set(metrics)
    return [cell for place, cell in enumerate(header) if place != count and cell and metric_of(cell) not in taken]


def _number(cell: str) -> float | None:
    plain = cell.strip()
    if plain.lower() in _MISSING:
        return None
    try:
        return float(plain)
    except ValueError:
        # a metric that is not a single number
        return None if plain else math.nan
