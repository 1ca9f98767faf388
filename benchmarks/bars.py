"""Figures with a required bar, and their table."""

from collections.abc import Sequence
from dataclasses import dataclass

_HEAD = ("Measured", "Ours", "Bar", "Verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: a share in percent or a time in ms over `count` cases; `problem` says why it was not measured."""

    name: str
    value: float = 0.0
    count: int = 0
    at_least: float | None = None
    at_most: float | None = None
    unit: str = "%"
    problem: str = ""

    def cells(self) -> tuple[str, ...]:
        """The cells of the table."""
        if self.problem:
            return self.name, "", "", f"not measured: {self.problem}"
        bar, verdict = "", ""
        if self.at_least is not None:
            bar, verdict = f"≥ {self.at_least:g} {self.unit}", "ok" if self.value >= self.at_least else "below"
        if self.at_most is not None:
            bar, verdict = f"≤ {self.at_most:g} {self.unit}", "ok" if self.value <= self.at_most else "over"
        return f"{self.name} ({self.count:,})", f"{self.value:.2f} {self.unit}", bar, verdict


def table(rows: Sequence[Row]) -> str:
    """All rows as a Markdown table with aligned columns."""
    return markdown([_HEAD, *(row.cells() for row in rows)])


def markdown(cells: Sequence[Sequence[str]]) -> str:
    """Rows of equal length, head first, as a Markdown table with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [f"| {' | '.join(map(str.ljust, row, widths))} |" for row in cells]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(lines)
