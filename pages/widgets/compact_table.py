"""A table of text in low rows: Streamlit's own are twice as high, and too wide for a column on a laptop."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from html import escape

import streamlit as st

_TABLE = "width:100%;border-collapse:collapse;font-size:0.8125rem;line-height:1.25;font-variant-numeric:tabular-nums"
_CELL = (
    "padding:0.25rem 0.5rem 0.25rem 0;vertical-align:top;"
    "border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)"
)
_LONG_WORD = 24


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of a row, one per column."""

    cells: tuple[str, ...]
    bold: bool = False
    quiet: bool = False


def compact_table(
    heads: Sequence[str], rows: Sequence[Row], *, foot: Sequence[str] = (), right: Set[int] = frozenset()
) -> None:
    """Draw rows below column heads, if any, and above `foot`; the columns in `right` are aligned to the right."""
    head = f"<thead>{_row('th', heads, right)}</thead>" if heads else ""
    body = "".join(_row("td", row.cells, right, _style(row)) for row in rows)
    last = f"<tfoot>{_row('th', foot, right)}</tfoot>" if foot else ""
    st.html(f'<table style="{_TABLE}">{head}<tbody>{body}</tbody>{last}</table>')


def _row(tag: str, cells: Sequence[str], right: Set[int], style: str = "") -> str:
    return f"<tr>{''.join(_cell(tag, text, place, right, style) for place, text in enumerate(cells))}</tr>"


def _cell(tag: str, text: str, place: int, right: Set[int], style: str) -> str:
    # only long words: short ones would break as soon as the table is narrow
    wrap = "overflow-wrap:anywhere;" if max(map(len, text.split()), default=0) > _LONG_WORD else ""
    side = "right" if place in right else "left"
    return f'<{tag} style="text-align:{side};{_CELL};{wrap}{style}">{escape(text)}</{tag}>'


def _style(row: Row) -> str:
    if row.bold:
        return "font-weight:650"
    return "opacity:0.75" if row.quiet else ""
