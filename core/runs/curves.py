"""Reads the two CSVs of a run as they grow."""

import math
import os
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

Row = tuple[float, ...]

_LARGEST, _HIGHEST = 3.5e38, 10**9
_LATER = "learning_rate"
"""The last column of `batches.csv`, which earlier versions did not write."""
_MANY = 200
"""From this many lines on, parse them all at once."""


@dataclass(slots=True)
class CurveReader:
    """Reads a growing CSV of numbers; each call of `read` reads only what is new.

    An empty value is NaN, and so is that of a column which earlier versions did not write. An incomplete last line is
    left for the next call; a line that is not a row of numbers is skipped.
    """

    path: Path
    columns: tuple[str, ...]
    strict: bool = False
    """Raise OSError for a file that exists but cannot be read, instead of returning the rows so far."""
    rows: list[Row] = field(default_factory=list)
    generation: int = 0
    """Increases when the file was replaced, as by a resumed run, and all rows were read again."""
    _offset: int = 0
    _file: tuple[int, int] = (0, 0)

    def read(self) -> list[Row]:
        """All rows so far; values in the order of `columns`."""
        try:
            with self.path.open("rb") as file:
                self._follow(file.fileno())
                file.seek(self._offset)
                chunk = file.read()
        except FileNotFoundError:
            return self.rows
        except OSError:
            if self.strict:
                raise
            return self.rows
        whole = chunk.rfind(b"\n") + 1
        self._offset += whole
        lines = chunk[:whole].decode("utf-8", errors="replace").split("\n")[:-1]
        rows = self._parse_many(lines) if len(lines) >= _MANY else None
        self.rows += [row for row in map(self._parse, lines) if row is not None] if rows is None else rows
        return self.rows

    def column(self, name: str) -> list[float]:
        """One column of the rows read so far."""
        index = self.columns.index(name)
        return [row[index] for row in self.rows]

    def _follow(self, descriptor: int) -> None:
        stat = os.fstat(descriptor)
        file = (stat.st_dev, stat.st_ino)
        if self._file not in ((0, 0), file) or stat.st_size < self._offset:
            self.rows, self._offset = [], 0
            self.generation += 1
        self._file = file

    def _parse_many(self, lines: list[str]) -> list[Row] | None:
        """Parse all lines at once, several times as fast; None where one of them may not be a row of numbers."""
        header = int(lines[0] in headers(self.columns))
        try:
            table = np.loadtxt(lines[header:], delimiter=",", comments=None, ndmin=2)
        except ValueError:
            return None
        first, finite = table[:, 0], table[np.isfinite(table)]
        if table.shape[1] == len(self.columns) - 1 and self.columns[-1] == _LATER:
            table = np.pad(table, ((0, 0), (0, 1)), constant_values=np.nan)
        if table.shape != (len(lines) - header, len(self.columns)) or (abs(finite) >= _LARGEST).any():
            return None
        return list(map(tuple, table.tolist())) if ((first >= 0) & (first < _HIGHEST)).all() else None

    def _parse(self, line: str) -> Row | None:
        parts = line.split(",")
        if len(parts) == len(self.columns) - 1 and self.columns[-1] == _LATER:
            parts.append("")
        if len(parts) != len(self.columns):
            return None
        try:
            row = tuple(float(part) if part else math.nan for part in parts)
        except ValueError:
            return None
        # the first column is a count, and a training's numbers are float32
        sound = 0 <= row[0] < _HIGHEST and all(abs(value) < _LARGEST for value in row if math.isfinite(value))
        return row if sound else None


def headers(columns: Sequence[str]) -> list[str]:
    """The first line of a CSV of these columns, and that of earlier versions if it was another."""
    return [",".join(columns), *([",".join(columns[:-1])] if columns[-1] == _LATER else [])]


def csv_line(row: Row) -> str:
    """A line of a CSV from numbers; NaN becomes an empty value."""
    return ",".join("" if math.isnan(value) else f"{value:.7g}" for value in row) + "\n"


def best_epoch(epochs: Sequence[Row], *, without: Container[int] = ()) -> int | None:
    """The epoch to keep, from rows of EPOCH_COLUMNS: that of the lowest val_loss or, without validation, the last.

    Those in `without`, whose weights are not stored, cannot be kept.
    """
    epochs = [row for row in epochs if int(row[0]) not in without]
    if not epochs:
        return None
    validated = [row for row in epochs if not math.isnan(row[3])]
    chosen = min(validated, key=lambda row: row[3]) if validated else epochs[-1]
    return int(chosen[0])
