"""The confusion matrix, and beside it the digits of the chosen cell."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis.confusion import confusion_matrix, similarity_order
from core.analysis.mistakes import select
from core.charts.cells import Cell, matrix_height
from core.charts.confusion import confusion_figure
from core.text import say
from pages.run.results.view import ResultsView
from pages.shared.cell_sentence import cell_sentence
from pages.shared.digit_images import digit_images
from pages.shared.run_header import Looked
from pages.state.page_links import go
from pages.state.plain_text import literal
from pages.state.shortcuts import NEXT_MISTAKE, PREVIOUS_MISTAKE
from pages.state.theme import colors
from pages.state.url_state import bound, change, view_now
from pages.widgets.clickable_chart import class_picker, clickable_chart
from pages.widgets.digit_sheet import digit_sheet
from pages.widgets.sheet_digits import sheet_digits
from pages.widgets.turn_buttons import turn_buttons

SHOWN = 24
MANY = 12
"""Classes from which on their order matters."""


def confusion(looked: Looked, view: ResultsView) -> None:
    """The matrix, and the digits of the cell chosen by a click or two pickers."""
    matrix = confusion_matrix(looked.answers)
    true, predicted = _cell(view, matrix)
    left, right = st.columns([6, 5], gap="large")
    with left:
        _matrix(looked, matrix, true, predicted)
    with right:
        _digits(looked, matrix, true, predicted)


@st.fragment
def _matrix(looked: Looked, matrix: pd.DataFrame, true: int | None, predicted: int | None) -> None:
    """The matrix with its switches, which draw nothing else anew."""
    view = view_now(ResultsView)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(say("confusion.title"), anchor=False, help=say("confusion.help"))
        st.toggle(say("confusion.shares"), **bound("shares", view.shares))
        if len(looked.classes) > MANY:
            st.toggle(say("confusion.similar"), help=say("confusion.similar_help"), **bound("similar", view.similar))
    clickable_chart(
        "confusion-matrix",
        confusion_figure(
            matrix,
            classes=looked.classes,
            order=similarity_order(matrix) if view.similar and len(looked.classes) > MANY else None,
            shares=view.shares,
            chosen=(true, predicted) if true is not None and predicted is not None else None,
            colors=colors(),
            height=matrix_height(looked.classes),
        ),
        alt=say("confusion.alt", errors=looked.answers.errors, count=len(looked.answers)),
        on_choose=_choose,
    )


def _choose(true: int, predicted: int) -> None:
    change(true=true, predicted=predicted, page=1, digit=None)
    # the matrix alone cannot show the digits of its cell
    st.rerun()


def _cell(view: ResultsView, matrix: pd.DataFrame) -> tuple[int | None, int | None]:
    """The chosen cell, row or column; by default the most frequent confusion."""
    if view.true is not None or view.predicted is not None:
        return view.true, view.predicted
    return next(iter(_ranked(matrix)), (None, None))


def _ranked(matrix: pd.DataFrame) -> list[Cell]:
    """The cells of mistakes, the most frequent first."""
    errors = matrix.to_numpy(copy=True)
    np.fill_diagonal(errors, 0)
    order = np.argsort(-errors, axis=None, kind="stable")[: np.count_nonzero(errors)]
    rows, columns = np.unravel_index(order, errors.shape)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _turn(matrix: pd.DataFrame, chosen: tuple[int | None, int | None]) -> None:
    """Buttons through the cells of mistakes, because a chart's cells take no focus of the keyboard."""
    cells = _ranked(matrix)

    def turn(place: int) -> None:
        true, predicted = cells[place]
        change(true=true, predicted=predicted, page=1, digit=None)

    with st.container(horizontal=True, gap=None, width="content", key="confusion.turn"):
        turn_buttons(
            ("confusion.previous", "confusion.next"),
            next((place for place, cell in enumerate(cells) if cell == chosen), -1),
            range(len(cells)),
            turn,
            shortcuts=(PREVIOUS_MISTAKE, NEXT_MISTAKE),
            kind="tertiary",
        )


def _digits(looked: Looked, matrix: pd.DataFrame, true: int | None, predicted: int | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        class_picker("true", true, looked.classes, predicted=predicted)
        class_picker("predicted", predicted, looked.classes, true=true)
        _turn(matrix, (true, predicted))
    # a whole row or column shows only its errors
    indices = select(looked.answers, true=true, predicted=predicted, only_wrong=true is None or predicted is None)
    told = cell_sentence(true, predicted, len(indices), looked.classes)
    st.markdown(f"**{cell_sentence(true, predicted, len(indices), [literal(name) for name in looked.classes])}**")
    images = digit_images(looked)
    if len(indices) and images is not None:
        shown = indices[:SHOWN]
        digit_sheet(
            "confusion.sheet",
            images[shown],
            sheet_digits(looked.answers, shown, looked.classes),
            chosen=None,
            alt=told,
            ink=looked.ink,
            on_choose=lambda index: go("mistakes", digit=index, **_unfiltered(true, predicted)),
        )
    if len(indices):
        st.button(
            say("confusion.all", count=f"{len(indices):,}"),
            key="confusion.all",
            icon=":material/grid_view:",
            type="tertiary",
            on_click=go,
            args=("mistakes",),
            kwargs=_unfiltered(true, predicted),
        )


def _unfiltered(true: int | None, predicted: int | None) -> dict[str, Any]:
    """The fields of Mistakes that show a whole cell, row or column, without earlier filters."""
    return {
        "true": true,
        "predicted": predicted,
        "show": "mistakes",
        "answers": "wrong",
        "low": 0,
        "high": 100,
        "page": 1,
    }
