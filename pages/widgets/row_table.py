"""A table whose rows are links, can be selected, and fold into groups."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import streamlit as st

from core.text import say
from pages.widgets.browser_script import empty, loader

_mount = st.components.v2.component("row_table", html=empty("rows", "min(17rem,62vh)"), js=loader("row_table"))
_HEAD, _ROW = 2.69, 2.19
"""Heights in rem: of the head and of a row."""
_MOST = "max(62vh, 100vh - 18rem)"
"""The most height of the table, which scrolls from there on: on a projector, what its page has."""

Kind = Literal["name", "text", "number", "curve", "tags", "note"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; one that is not `narrow` is left out where there is little room. `sorted` as in aria-sort."""

    key: str
    label: str
    kind: Kind = "text"
    help: str = ""
    narrow: bool = False
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, and the values of a `curve` or the words of `tags`."""

    text: str = "–"
    curve: Sequence[float] = ()
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row with a cell for each column; that of the name stays empty.

    `group` makes it a group of the rows with this one as `parent`, which `open` shows; it is selected with them.
    """

    id: str
    name: str
    cells: Sequence[Cell]
    href: str = ""
    hover: str = ""
    color: str = ""
    """As #rrggbb: of a dot before the name, and of the curve."""
    mark: str = ""
    """Stands between dot and name."""
    badges: Sequence[str] = ()
    group: bool = False
    open: bool = False
    parent: str = ""


def row_table(
    key: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    alt: str,
    chosen: Sequence[str],
    on_choose: Callable[[list[str]], None],
    on_open: Callable[[str], None],
    on_sort: Callable[[str], None],
    scroll_to: tuple[str, int] | None = None,
) -> None:
    """Draw the rows; the callbacks get the ids selected in order, the row whose name was clicked, the column's key.

    `scroll_to` is the key of a container and a number: the page scrolls there when the number grows. What the browser
    sends is not trusted: ids that no row has are dropped, but `chosen` ones may be without a row.
    """
    turn = f"{key}.turn"
    known = {row.id for row in rows if not row.group} | set(chosen)

    def value(name: str) -> Any:
        state = st.session_state.get(key)
        return state.get(name) if isinstance(state, dict) else None

    def choose() -> None:
        choice = value("choice")
        ids, number = (choice.get("ids"), choice.get("turn")) if isinstance(choice, dict) else (None, None)
        if isinstance(ids, list) and type(number) is int:
            st.session_state[turn] = number
            on_choose([row_id for row_id in dict.fromkeys(ids[:5000]) if isinstance(row_id, str) and row_id in known])

    def open_row() -> None:
        if (row_id := value("open")) in {row.id for row in rows if row.href}:
            on_open(row_id)

    def sort() -> None:
        if (name := value("sort")) in {column.key for column in columns}:
            on_sort(name)

    height = _HEAD + _ROW * sum(not row.parent for row in rows)
    # until its script has arrived, what follows stays where it will be
    with st.container(key=f"style.{key}"):
        rules = f"--most:{_MOST};min-height:min({height:g}rem,{_MOST})"
        st.html(f"<style>.st-key-{key.replace('.', '-')}{{{rules}}}</style>")
    _mount(
        key=key,
        data={
            "columns": [asdict(column) for column in columns],
            "rows": [_sent_row(row) for row in rows],
            "alt": alt,
            "texts": {name: say(f"row_table.{name}") for name in ("all", "select", "fold")},
            "chosen": list(chosen),
            # how often the browser sent its selection: the answer to an earlier click must not undo a later one
            "turn": st.session_state.get(turn, 0),
            "scroll_to": scroll_to,
        },
        on_choice_change=choose,
        on_open_change=open_row,
        on_sort_change=sort,
    )


def _sent_row(row: Row) -> dict[str, Any]:
    cells = [
        {"text": cell.text}
        | ({"curve": list(cell.curve)} if cell.curve else {})
        | ({"tags": list(cell.tags)} if cell.tags else {})
        for cell in row.cells
    ]
    return {**{name: getattr(row, name) for name in _PLAIN}, "badges": list(row.badges), "cells": cells}


_PLAIN = ("id", "name", "href", "hover", "color", "mark", "group", "open", "parent")
