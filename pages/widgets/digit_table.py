"""A table of digits or classes, each row with its digit, in the look of the list of runs."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import streamlit as st

from core.array_types import Bytes
from core.data.sprite import sprite_uri
from pages.widgets.browser_script import empty, loader

_mount = st.components.v2.component("digit_table", html=empty("rows", "17rem"), js=loader("digit_table"))
_HEAD, _ROW = 2.69, 2.19
"""Heights in rem: of the head and of a row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; numbers are aligned to the right, `text` to the left. `sorted` as in aria-sort."""

    key: str
    label: str
    help: str = ""
    text: bool = False
    sorts: bool = False
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number and name, and a cell for each column but the first.

    `bars` has the length of a bar (0 to 1) below the text of a cell by its place, `wrong` the places of red cells;
    `hover` stands below the enlarged digit.
    """

    id: int
    name: str
    cells: Sequence[str]
    bars: Mapping[int, float] = field(default_factory=dict)
    wrong: Set[int] = frozenset()
    hover: str = ""


def digit_table(
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    alt: str,
    images: Bytes | None = None,
    ink: bool = True,
    chosen: int | None = None,
    most: float = 25.0,
    opens: str = "",
    on_open: Callable[[int], None],
    on_sort: Callable[[str], None] | None = None,
) -> None:
    """Draw the rows; the callbacks get the id of the opened row and the key of the clicked column.

    `images` are a picture for each row, as for `digit_sheet`, as is `ink`; `most` is the greatest height in rem, from
    which on the table scrolls. `opens` is the key of the container that shows the opened row: with
    it, arrow keys open rows too. What the browser sends is not trusted: other ids and keys are dropped.
    """
    key = f"digit-table.{name}"

    def value(event: str) -> Any:
        state = st.session_state.get(key)
        return state.get(event) if isinstance(state, dict) else None

    def open_row() -> None:
        sent = value("open")
        if type(sent) is int and sent in {row.id for row in rows}:
            on_open(sent)

    def sort() -> None:
        if on_sort and (sent := value("sort")) in {column.key for column in columns if column.sorts}:
            on_sort(sent)

    as_is = images is not None and (images.ndim > 3 or not ink)
    # until its script has arrived, what follows stays where it will be
    with st.container(key=f"style.{key}"):
        height = min(_HEAD + _ROW * len(rows), most)
        st.html(f"<style>.st-key-{key.replace('.', '-')}{{min-height:{height:g}rem}}</style>")
    _mount(
        key=key,
        data={
            "columns": [asdict(column) for column in columns],
            "rows": [_sent(row) for row in rows],
            "sprite": sprite_uri(images, ink=not as_is) if images is not None and len(rows) else None,
            "as_is": as_is,
            "alt": alt,
            "most": f"{most:g}rem",
            "opens": opens,
            "chosen": chosen,
        },
        on_open_change=open_row,
        on_sort_change=sort,
    )


def _sent(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "cells": list(row.cells),
        "bars": {str(place): round(share, 4) for place, share in row.bars.items()},
        "wrong": sorted(row.wrong),
        "hover": row.hover,
    }
