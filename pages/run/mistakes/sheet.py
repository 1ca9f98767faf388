"""Sheets of digits with one opened: mistakes, labels that may be wrong, the first digits."""

from typing import Any

import numpy as np
import streamlit as st

from core.analysis.label_quality import suspected
from core.analysis.mistakes import select
from core.array_types import Bytes
from core.text import say
from pages.run.mistakes.opened_digit import sheet_and_opened
from pages.run.mistakes.view import MistakesView
from pages.shared.cell_sentence import cell_sentence
from pages.shared.run_header import Looked
from pages.state.url_state import bound
from pages.widgets.clickable_chart import class_picker
from pages.widgets.switch import switch

SORTS = ("loss", "confidence", "margin", "index")
FROM_START: dict[str, Any] = {"page": 1, "digit": None}
"""Changed with every filter, which the shown page and the opened digit may not pass."""


def mistakes_sheet(looked: Looked, view: MistakesView, images: Bytes | None) -> None:
    """The misclassified digits, filtered and sorted."""
    _filters(view)
    exact = view.true is not None and view.true == view.predicted
    low, high = _span(view)
    indices = select(
        looked.answers,
        true=view.true,
        predicted=view.predicted,
        confidence=(low / 100, high / 100),
        sort=view.sort,
        # a cell on the diagonal has no errors
        only_wrong=view.answers == "wrong" and not exact,
    )
    st.markdown(f"**{_sentence(view, len(indices))}**")
    sheet_and_opened(looked, view, images, indices)


def suspected_labels(looked: Looked, view: MistakesView, images: Bytes | None) -> None:
    """The digits whose label the network doubts most."""
    found = suspected(looked.answers)
    st.markdown(f"**{say('labels.question')}**", help=say("labels.help"))
    st.caption(say("labels.found", count=f"{len(found):,}", of=f"{len(looked.answers):,}"))
    sheet_and_opened(looked, view, images, found.index.to_numpy())


def first_digits(looked: Looked, view: MistakesView, images: Bytes | None) -> None:
    """The first 10 or 25 with their captions, as the tutorials print them."""
    switch("first", view.first, ["10", "25"], say("first.count"), also={"digit": None}, visible_label=True)
    sheet_and_opened(looked, view, images, np.arange(min(int(view.first), len(looked.answers))))


def _span(view: MistakesView) -> tuple[int, int]:
    """The confidence range in percent; a link may have its ends swapped."""
    return min(view.low, view.high), max(view.low, view.high)


def _sentence(view: MistakesView, count: int) -> str:
    if view.answers == "all" and (view.true is None or view.predicted is None):
        return say("mistakes.count", count=f"{count:,}")
    return cell_sentence(view.true, view.predicted, count)


def _filters(view: MistakesView) -> None:
    with st.container(horizontal=True, vertical_alignment="top"):
        switch(
            "answers",
            view.answers,
            ["wrong", "all"],
            say("mistakes.answers"),
            lambda name: say(f"mistakes.answer.{name}"),
            also=FROM_START,
            visible_label=True,
        )
        class_picker("true", view.true, **FROM_START)
        class_picker("predicted", view.predicted, **FROM_START)
        st.slider(
            say("mistakes.confidence"),
            0,
            100,
            format="%d %%",
            width=260,
            **bound("confidence", _span(view), then=lambda span: {"low": span[0], "high": span[1]}, also=FROM_START),
        )
        st.selectbox(
            say("mistakes.sort"),
            SORTS,
            format_func=lambda name: say(f"mistakes.sorts.{name}"),
            width=220,
            **bound("sort", view.sort, first="index", options=SORTS, also=FROM_START),
        )
