"""Measurements and their table."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Self

_BEGIN, _END = "<!-- table -->", "<!-- end of table -->"
_HEAD = ("Measured", "Ours", "Compared with", "Ratio", "Limit", "Verdict")
_DIGITS = {"": 3, "s": 2, "ms": 0, "kB": 1, "MB": 0, "%": 2, "points": 2, "GFLOP/s": 0, "files": 0, "messages": 0}
_BAR = 24
"""Length in characters of a chart's longest bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One row: the median of our times and, if there is one, of the plain equivalent, both in `unit`.

    `limit` is in `unit`; `times` is a limit as a multiple of the plain equivalent. `problem` says why nothing was
    measured. `bar` is the figure relative to the largest one in its chart, 0 to 1.
    """

    name: str
    unit: str = ""
    ours: float | None = None
    plain: float | None = None
    against: str = ""
    limit: float | None = None
    times: float | None = None
    turns: int = 0
    problem: str = ""
    bar: float | None = None

    @classmethod
    def of(
        cls,
        name: str,
        unit: str,
        ours: Sequence[float],
        plain: Sequence[float] = (),
        *,
        against: str = "",
        limit: float | None = None,
        times: float | None = None,
    ) -> Self:
        """The medians of several turns; raises statistics.StatisticsError if there are none."""
        return cls(
            name=name,
            unit=unit,
            ours=median(ours),
            plain=median(plain) if plain else None,
            against=against,
            limit=limit,
            times=times,
            turns=len(ours),
        )

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of the plain equivalent."""
        return self.ours / self.plain if self.ours is not None and self.plain else None

    @property
    def over(self) -> bool | None:
        """Whether the limit is exceeded; None if there is no limit or no measurement."""
        if self.limit is not None and self.ours is not None:
            return self.ours > self.limit
        if self.times is not None and self.ratio is not None:
            return self.ratio > self.times
        return None

    def row(self) -> tuple[str, ...]:
        """The cells of the table."""
        if self.ours is None:
            return (self.name, "", "", "", "", f"not measured: {self.problem}")
        plain = "" if self.plain is None else f"{self._text(self.plain)} ({self.against})"
        ratio = "" if self.ratio is None or self.unit == "%" else f"{self.ratio:.2f}"
        limit = self._text(self.limit) if self.limit is not None else f"{self.times:.2f}" if self.times else ""
        verdict = "" if self.over is None else "over" if self.over else "ok"
        return (f"{self.name} ({self.turns})", self._text(self.ours), plain, ratio, limit, verdict)

    def _text(self, value: float) -> str:
        return f"{value:,.{_DIGITS[self.unit]}f} {self.unit}".rstrip()


def charted(measurements: Sequence[Measurement]) -> list[Measurement]:
    """The same measurements with bars, for a series of growing figures in one unit."""
    largest = max((measurement.ours or 0 for measurement in measurements), default=0)
    drawn = 0 < largest < math.inf
    return [replace(one, bar=one.ours / largest if drawn and one.ours else None) for one in measurements]


def table(measurements: Sequence[Measurement]) -> str:
    """All rows as a Markdown table with aligned columns, with a chart if there are bars."""
    rows = [_HEAD, *(measurement.row() for measurement in measurements)]
    if any(measurement.bar is not None for measurement in measurements):
        bars = ("█" * round(_BAR * (measurement.bar or 0)) for measurement in measurements)
        rows = [(*row, bar) for row, bar in zip(rows, ("Chart", *bars), strict=True)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [f"| {' | '.join(map(str.ljust, row, widths))} |" for row in rows]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(lines)


def write_between_marks(document: Path, text: str, name: str = "") -> None:
    """Replace the text between the document's marks of this name.

    Raises ValueError if there are no such marks.
    """
    old = document.read_text(encoding="utf-8")
    begin = f"<!-- table {name} -->" if name else _BEGIN
    marks = re.compile(f"{re.escape(begin)}.*?{re.escape(_END)}", re.DOTALL)
    if not marks.search(old):
        raise ValueError(f"{document} has no lines {begin} and {_END} to write between.")
    document.write_text(marks.sub(lambda _: f"{begin}\n\n{text}\n\n{_END}", old), encoding="utf-8")
