"""The table of all predictions, as at the end of the tutorials, a row of it opened, and its crosstab."""

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis.mistakes import crosstab
from core.analysis.mistakes import digit_table as table_of
from core.analysis.query import matching
from core.array_types import Indices
from core.errors import DigitLabError
from core.text import say
from pages.run.mistakes.opened_digit import opened_digit
from pages.run.mistakes.sheet import chosen_digit
from pages.run.mistakes.shown import Shown
from pages.run.mistakes.view import MistakesView
from pages.state.plain_text import plain_text
from pages.state.url_state import bound, change
from pages.state.view import LONGEST_TEXT
from pages.widgets.announcement import announce
from pages.widgets.compact_table import Row, compact_table

HEIGHT = 400
_INDEX, _MOUNTED = "index", "table.mounted"


def digit_table(shown: Shown, view: MistakesView) -> None:
    """Each digit's label and prediction, filtered by a condition; a selected cell opens its digit."""
    table = table_of(shown.answers)
    left, right = st.columns([7, 5], gap="large")
    with left:
        st.text_input(
            say("table.find"),
            max_chars=LONGEST_TEXT,
            placeholder=say("table.example"),
            help=say("table.find_help"),
            **bound("find", view.find),
        )
        try:
            found = matching(table, view.find)
        except DigitLabError as error:
            st.warning(plain_text(error.message))
            found = table
        _counted(shown, found, len(table))
        digit = chosen_digit(shown, view, found.index.to_numpy()) if len(found) or view.digit is not None else None
        _rows(found, digit)
    if digit is not None:
        with right, st.container(key="opened"):
            # the arrow keys move through the table
            opened_digit(shown, digit)
    _crosstab(shown)


def _counted(shown: Shown, found: pd.DataFrame, total: int) -> None:
    looked = shown.looked
    counted = say("table.rows", count=f"{len(found):,}", of=f"{total:,}")
    announce("mistakes", counted)
    # so high that the table's own toolbar, which floats above it, covers nothing
    with st.container(height=60, border=False), st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{counted}**", width="content")
        st.download_button(
            say("table.download"),
            lambda: found.to_csv(float_format="%.6g"),
            file_name=f"{looked.run.id}-epoch-{looked.epoch}-{looked.part}.csv",
            mime="text/csv",
            key="table.download",
            icon=":material/download:",
            on_click="ignore",
            type="tertiary",
        )


def _rows(found: pd.DataFrame, digit: int | None) -> None:
    """The rows; a cell of the opened digit is selected."""
    places = np.flatnonzero(found.index == digit)
    place = int(places[0]) if len(places) else None
    key = _key(place)
    st.dataframe(
        # cells of an index cannot be selected
        found.reset_index(),
        column_config={
            _INDEX: st.column_config.NumberColumn(say("table.index"), pinned=True),
            "label": st.column_config.NumberColumn(say("table.label")),
            "predict": st.column_config.NumberColumn(say("table.predict")),
            "confidence": st.column_config.NumberColumn(say("table.confidence"), format="%.4f"),
            "loss": st.column_config.NumberColumn(say("table.loss"), format="%.4f"),
            "margin": st.column_config.NumberColumn(say("table.margin"), format="%.4f", help=say("table.margin_help")),
        },
        hide_index=True,
        height=HEIGHT,
        key=key,
        on_select=lambda: _open(key, found.index.to_numpy()),
        selection_mode="single-cell",
        selection_default={"selection": {"cells": [] if place is None else [(place, _INDEX)]}},
        alt=say("table.alt"),
    )


def _key(place: int | None) -> str:
    """The table's key, a new one if its selected row is not the opened digit's, as after Back or a new filter.

    If the selection were set for the same key, the browser would ignore the next click.
    """
    number = st.session_state.get(_MOUNTED, 0)
    if st.session_state.get(f"table.rows.{number}") and _row(f"table.rows.{number}") != place:
        number += 1
    st.session_state[_MOUNTED] = number
    return f"table.rows.{number}"


def _row(key: str) -> int | None:
    """The row of the selected cell."""
    return next((int(row) for row, _ in st.session_state[key]["selection"]["cells"]), None)


def _open(key: str, order: Indices) -> None:
    row = _row(key)
    if row is not None and 0 <= row < len(order):
        change(digit=int(order[row]))


def _crosstab(shown: Shown) -> None:
    st.markdown(f"**{say('table.crosstab')}**", help=say("table.crosstab_help"))
    counts = crosstab(shown.answers)
    rows = [Row((str(label), *map(str, row))) for label, row in zip(counts.index, counts.to_numpy(), strict=True)]
    columns = set(range(1, len(counts.columns) + 1))
    with st.container(width=520):
        compact_table([say("table.label"), *map(str, counts.columns)], rows, right=columns, alt=say("table.crosstab"))
