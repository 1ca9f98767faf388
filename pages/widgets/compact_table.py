"""A table of text in low rows: Streamlit's own are twice as high, and too wide for a column on a laptop."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.state.theme import colors

_TABLE = "width:100%;border-collapse:collapse;font-size:0.8125rem;line-height:1.25;font-variant-numeric:tabular-nums"
_CELL = (
    "padding:0.25rem 0.5rem 0.25rem 0;vertical-align:top;"
    "border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)"
)
_DOT = "display:inline-block;width:0.7em;height:0.7em;margin-right:0.45em;border-radius:50%"
_LONG_WORD = 24
_WORD_OF_A_NAME = 8
"""Letters of the longest Chinese word that a row's name keeps in one line on a phone."""


@dataclass(frozen=True, slots=True)
class Row:
    """The texts of a row, one per column; the cells in `wrong` are red."""

    cells: tuple[str, ...]
    bold: bool = False
    quiet: bool = False
    wrong: Set[int] = frozenset()


def compact_table(
    heads: Sequence[str],
    rows: Sequence[Row],
    *,
    foot: Sequence[str] = (),
    right: Set[int] = frozenset(),
    dots: Sequence[str] = (),
    alt: str = "",
) -> None:
    """Draw rows below column heads, if any, and above `foot`; the columns in `right` are aligned to the right.

    `dots` are colors, each of a dot before a head, empty for none; such a table scrolls where it is too wide. `alt`
    names the table for screen readers.
    """
    head = f"<thead>{_row('th', heads, right, dots=dots)}</thead>" if heads else ""
    body = "".join(_row("td", row.cells, right, _style(row), row.wrong) for row in rows)
    last = f"<tfoot>{_row('th', foot, right)}</tfoot>" if foot else ""
    name = f' aria-label="{escape(alt)}"' if alt else ""
    # columns to compare have the same width, and that of the names what it needs
    widths = f";table-layout:fixed;min-width:{1 + 7 * len(heads)}rem" if dots else ""
    table = f'<table{name} style="{_TABLE}{widths}">{head}<tbody>{body}</tbody>{last}</table>'
    # by keyboard, only what has the focus scrolls
    st.html(f'<div style="overflow-x:auto" tabindex="0" role="region"{name}>{table}</div>' if dots else table)


def _row(
    tag: str,
    cells: Sequence[str],
    right: Set[int],
    style: str = "",
    wrong: Set[int] = frozenset(),
    *,
    dots: Sequence[str] = (),
) -> str:
    shown = (
        _cell(
            tag,
            text,
            "right" if place in right else "left",
            f"{style};{_wrong()}" if place in wrong else f"{style};width:11rem" if dots and place == 0 else style,
            dots[place] if dots else "",
            names=place == 0,
        )
        for place, text in enumerate(cells)
    )
    return f"<tr>{''.join(shown)}</tr>"


def _cell(tag: str, text: str, side: str, style: str, dot: str, *, names: bool) -> str:
    longest = max(map(len, text.split()), default=0)
    # only long words: short ones would break as soon as the table is narrow
    wrap = "overflow-wrap:anywhere;" if longest > _LONG_WORD else ""
    if tag == "th" or (names and longest <= _WORD_OF_A_NAME):
        wrap += "word-break:keep-all;"  # Chinese would break after every character
    before = f'<span style="{_DOT};background:{dot}"></span>' if dot else ""
    return f'<{tag} style="text-align:{side};{_CELL};{wrap}{style}">{before}{escape(text)}</{tag}>'


def _wrong() -> str:
    return f"font-weight:650;color:{colors().wrong}"


def _style(row: Row) -> str:
    if row.bold:
        return "font-weight:650"
    return "opacity:0.75" if row.quiet else ""
