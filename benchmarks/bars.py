"""Figures with a required bar, and their table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from core.analysis.interval import wilson
from core.array_types import Mask

_HEAD = ("Measured", "Ours", "95 % interval", "Bar", "Verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: a share in percent, a time in ms or a plain figure over `count` cases.

    `hits` is the number of cases that a share counts, for its interval; `problem` says why it was not measured.
    """

    name: str
    value: float = 0.0
    count: int = 0
    hits: int | None = None
    at_least: float | None = None
    at_most: float | None = None
    unit: str = "%"
    problem: str = ""
    detail: bool = False
    """Whether it is printed, but not written into a document."""

    @classmethod
    def share(
        cls,
        name: str,
        cases: Sequence[bool] | Mask,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
        detail: bool = False,
    ) -> Self:
        """The share of cases that are true."""
        hits, count = sum(map(bool, cases)), len(cases)
        return cls(
            name=name,
            value=100 * hits / max(1, count),
            count=count,
            hits=hits,
            at_least=at_least,
            at_most=at_most,
            detail=detail,
        )

    def cells(self) -> tuple[str, ...]:
        """The cells of the table."""
        if self.problem:
            return self.name, "", "", "", f"not measured: {self.problem}"
        bar, verdict = "", ""
        if self.at_least is not None:
            bar, verdict = f"≥ {self.at_least:g} {self.unit}", "ok" if self.value >= self.at_least else "below"
        if self.at_most is not None:
            bar, verdict = f"≤ {self.at_most:g} {self.unit}", "ok" if self.value <= self.at_most else "over"
        interval = ""
        if self.hits is not None:
            low, high = wilson(self.hits, self.count)
            interval = f"{100 * low:.1f}–{100 * high:.1f}"
        value = f"{self.value:.2f} {self.unit}" if self.unit else f"{self.value:.4f}"
        return f"{self.name} ({self.count:,})", value, interval, bar.strip(), verdict


def table(rows: Sequence[Row]) -> str:
    """All rows as a Markdown table with aligned columns."""
    return markdown([_HEAD, *(row.cells() for row in rows)])


def markdown(cells: Sequence[Sequence[str]]) -> str:
    """Rows of equal length, head first, as a Markdown table with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [f"| {' | '.join(map(str.ljust, row, widths))} |" for row in cells]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(lines)
