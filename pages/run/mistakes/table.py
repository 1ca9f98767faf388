"""The table of all predictions, as at the end of the tutorials, a row of it opened, and its crosstab."""

import pandas as pd
import streamlit as st

from core import formatting as figures
from core.analysis.mistakes import Sort, crosstab
from core.analysis.mistakes import digit_table as table_of
from core.analysis.query import matching
from core.errors import DigitLabError
from core.text import say
from pages.run.mistakes.opened_digit import opened_digit
from pages.run.mistakes.sheet import FROM_START, SORTS, chosen_digit, turn_pages
from pages.run.mistakes.shown import Shown
from pages.run.mistakes.view import MistakesView
from pages.state.plain_text import plain_text
from pages.state.url_state import bound, change
from pages.state.view import LONGEST_TEXT
from pages.widgets.announcement import announce
from pages.widgets.compact_table import Row as TextRow
from pages.widgets.compact_table import compact_table
from pages.widgets.digit_table import Column, Row, digit_table

PER_PAGE = 100
"""Rows on a page of the table."""
MOST_COLUMNS = 12
"""Classes of a crosstab; of more, the confusion matrix on Results is readable."""
_INDEX = "index"
_LOWEST_FIRST = (_INDEX, "margin")


def prediction_table(shown: Shown, view: MistakesView) -> None:
    """Each digit's label and prediction, filtered by a condition; a row opens its digit, a column's head sorts."""
    table = table_of(shown.answers)
    left, right = st.columns([7, 5], gap="large")
    with left:
        st.text_input(
            say("table.find"),
            max_chars=LONGEST_TEXT,
            placeholder=say("table.example"),
            help=say("table.find_help"),
            **bound("find", view.find, also={"page": 1}),
        )
        try:
            found = matching(table, view.find)
        except DigitLabError as error:
            st.warning(plain_text(error.message))
            found = table
        _counted(shown, found, len(table))
        found = _sorted(found, view.sort)
        pages = max(1, -(-len(found) // PER_PAGE))
        page = min(view.page, pages)
        rows = found.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
        digit = chosen_digit(shown, view, rows.index.to_numpy()) if len(rows) or view.digit is not None else None
        _rows(shown, view, rows, digit)
        turn_pages(page, pages)
    if digit is not None:
        with right, st.container(key="opened"):
            # the arrow keys move through the table
            opened_digit(shown, digit)
    _crosstab(shown)


def _counted(shown: Shown, found: pd.DataFrame, total: int) -> None:
    looked = shown.looked
    counted = say("table.rows", count=f"{len(found):,}", of=f"{total:,}")
    announce("mistakes", counted)
    with st.container(horizontal=True, vertical_alignment="center"):
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


def _sorted(found: pd.DataFrame, sort: Sort) -> pd.DataFrame:
    return found if sort == _INDEX else found.sort_values(sort, ascending=sort in _LOWEST_FIRST, kind="stable")


def _rows(shown: Shown, view: MistakesView, rows: pd.DataFrame, digit: int | None) -> None:
    digit_table(
        "mistakes",
        [_column(name, view) for name in (_INDEX, *rows.columns)],
        [_row(shown, index, rows.loc[index]) for index in rows.index.tolist()],
        alt=say("table.alt"),
        images=None if shown.images is None else shown.images[rows.index],
        ink=shown.ink,
        chosen=digit,
        opens="opened",
        on_open=lambda index: change(digit=index),
        on_sort=lambda name: change(sort=name, **FROM_START),
    )


def _column(name: str, view: MistakesView) -> Column:
    return Column(
        name,
        say(f"table.{name}"),
        help=say("table.margin_help") if name == "margin" else "",
        sorts=name in SORTS,
        sorted="" if name != view.sort else "ascending" if name in _LOWEST_FIRST else "descending",
    )


def _row(shown: Shown, index: int, values: pd.Series) -> Row:
    label, predicted = (shown.classes[int(values[name])] for name in ("label", "predict"))
    return Row(
        index,
        str(index),
        [label, predicted, *(figures.minus(f"{values[name]:.4f}") for name in ("confidence", "loss", "margin"))],
        wrong=frozenset() if label == predicted else {1},
        hover=say("opened.alt", label=label),
    )


def _crosstab(shown: Shown) -> None:
    if len(shown.classes) > MOST_COLUMNS:
        return
    st.markdown(f"**{say('table.crosstab')}**", help=say("table.crosstab_help"))
    counts = crosstab(shown.answers)
    names = shown.classes
    lines = zip(counts.index, counts.to_numpy(), strict=True)
    rows = [TextRow((names[int(label)], *map(str, row))) for label, row in lines]
    columns = set(range(1, len(counts.columns) + 1))
    with st.container(width=520):
        compact_table(
            [say("table.label"), *(names[int(label)] for label in counts.columns)],
            rows,
            right=columns,
            alt=say("table.crosstab"),
        )
