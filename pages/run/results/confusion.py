"""The confusion matrix, and beside it the digits of the cell that was chosen."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.analysis.confusion import confusion_matrix
from core.analysis.mistakes import select
from core.charts.confusion import confusion_figure
from core.text import say
from pages.run.results.view import ResultsView
from pages.shared.cell_sentence import cell_sentence
from pages.shared.digit_images import digit_images
from pages.shared.run_header import Looked
from pages.state.page_links import go
from pages.state.theme import colors
from pages.state.url_state import bound, change
from pages.widgets.cells_chart import cells_chart, class_picker
from pages.widgets.digit_sheet import digit_sheet
from pages.widgets.sheet_digits import sheet_digits

HEIGHT = 392
SHOWN = 24


def confusion(looked: Looked, view: ResultsView) -> None:
    """A click on a cell, or two pickers, choose whose digits are shown."""
    matrix = confusion_matrix(looked.answers)
    true, predicted = _cell(view, matrix)
    left, right = st.columns([6, 5], gap="large")
    with left:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(say("confusion.title"), anchor=False, help=say("confusion.help"))
            st.toggle(say("confusion.shares"), **bound("shares", view.shares))
        cells_chart(
            "confusion-matrix",
            confusion_figure(
                matrix,
                shares=view.shares,
                chosen=(true, predicted) if true is not None and predicted is not None else None,
                colors=colors(),
                height=HEIGHT,
            ),
            alt=say("confusion.alt", errors=looked.answers.errors, count=len(looked.answers)),
            on_choose=lambda true, predicted: change(true=true, predicted=predicted, page=1, digit=None),
        )
    with right:
        _digits(looked, true, predicted)


def _cell(view: ResultsView, matrix: pd.DataFrame) -> tuple[int | None, int | None]:
    """The chosen cell, row or column; the most frequent confusion where nothing was chosen."""
    if view.true is not None or view.predicted is not None:
        return view.true, view.predicted
    errors = matrix.to_numpy(copy=True)
    np.fill_diagonal(errors, 0)
    if not errors.any():
        return None, None
    row, column = np.unravel_index(errors.argmax(), errors.shape)
    return int(row), int(column)


def _digits(looked: Looked, true: int | None, predicted: int | None) -> None:
    with st.container(horizontal=True):
        class_picker("true", true, then=lambda number: {"true": number, "predicted": predicted})
        class_picker("predicted", predicted, then=lambda number: {"true": true, "predicted": number})
    # a row or column without the other class stands for its errors
    indices = select(looked.answers, true=true, predicted=predicted, only_wrong=true is None or predicted is None)
    st.markdown(f"**{cell_sentence(true, predicted, len(indices))}**")
    images = digit_images(looked)
    if len(indices) and images is not None:
        shown = indices[:SHOWN]
        digit_sheet(
            "confusion.sheet",
            images[shown],
            sheet_digits(looked.answers, shown),
            chosen=None,
            alt=cell_sentence(true, predicted, len(indices)),
            on_choose=lambda index: go("mistakes", digit=index, **_whole(true, predicted)),
        )
    if len(indices):
        st.button(
            say("confusion.all", count=f"{len(indices):,}"),
            key="confusion.all",
            icon=":material/grid_view:",
            type="tertiary",
            on_click=go,
            args=("mistakes",),
            kwargs=_whole(true, predicted),
        )


def _whole(true: int | None, predicted: int | None) -> dict[str, Any]:
    """All of a cell, row or column on the next page, whatever was filtered there before."""
    return {
        "true": true,
        "predicted": predicted,
        "show": "mistakes",
        "answers": "wrong",
        "low": 0,
        "high": 100,
        "page": 1,
    }
