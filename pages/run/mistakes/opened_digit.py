"""A sheet of digits in pages, and the opened digit."""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core import formatting as figures
from core.array_types import Bytes, Indices
from core.runs.weights import weighted_epochs
from core.text import say
from pages.run.mistakes.digit_course import digit_course
from pages.run.mistakes.other_answers import other_answers
from pages.run.mistakes.view import MistakesView
from pages.shared.run_header import Looked
from pages.state.drawing import drawing
from pages.state.page_links import go
from pages.state.url_state import change
from pages.widgets.digit_picture import one_digit
from pages.widgets.digit_sheet import digit_sheet
from pages.widgets.probability_bars import probability_bars
from pages.widgets.sheet_digits import sheet_digits

PER_PAGE = 48
_FROM_THE_START: dict[str, Any] = {"part": "layers", "layer": "", "map": 0, "row": None, "column": None}
"""Resets Look inside: this network may not have the layer shown before."""


def sheet_and_opened(looked: Looked, view: MistakesView, images: Bytes | None, indices: Indices) -> None:
    """The sheet of these digits, and beside it the chosen one, by default the first."""
    if not len(indices) and view.digit is None:
        st.caption(say("mistakes.none"))
        return
    pages = max(1, -(-len(indices) // PER_PAGE))
    page = min(view.page, pages)
    if page != view.page:
        st.warning(say("mistakes.no_page", wanted=view.page, page=page))
    shown = indices[(page - 1) * PER_PAGE : page * PER_PAGE]
    digit = _digit(looked, view, shown)
    left, right = st.columns([7, 5], gap="large")
    with left:
        if images is not None and len(shown):
            digit_sheet(
                "mistakes.sheet",
                images[shown],
                sheet_digits(looked.answers, shown),
                chosen=digit,
                alt=say("mistakes.sheet_alt", count=len(shown)),
                opens="opened",
                on_choose=lambda index: change(digit=index),
            )
        elif len(shown):
            _list(looked, shown)
        if pages > 1:
            key = f"mistakes.page.{page}"
            st.pagination(pages, default=page, key=key, on_change=_turn, args=(key,))
    with right, st.container(key="opened"):
        if digit not in shown:
            st.caption(say("opened.elsewhere"))
        opened_digit(looked, images, digit)


def opened_digit(looked: Looked, images: Bytes | None, digit: int) -> None:
    """One digit enlarged, with its probabilities after this and other epochs, and other runs' predictions."""
    answers = looked.answers
    label, predicted = int(answers.labels[digit]), int(answers.predicted[digit])
    sentence = say(
        "opened.wrong" if label != predicted else "opened.right",
        index=digit,
        label=label,
        predicted=predicted,
        confidence=figures.percent(float(answers.confidence[digit])),
    )
    st.markdown(sentence)
    picture, bars = st.columns([1, 1])
    with picture:
        values = False
        if images is not None:
            values = bool(st.session_state.get("opened.values", False))
            one_digit("opened.picture", images[digit], alt=say("opened.alt", label=label), size=200)
            st.toggle(say("opened.values"), key="opened.values")
            st.button(
                say("opened.draw_over"),
                key="opened.draw_over",
                icon=":material/draw:",
                type="tertiary",
                on_click=_draw_over,
                args=(images[digit], looked),
            )
    with bars:
        probability_bars("opened.bars", answers.probabilities[digit], label=label, predicted=predicted)
        if images is not None and looked.part == "test" and weighted_epochs(looked.run.folder):
            _inside_button(looked, digit)
    if values and images is not None:
        one_digit("opened.numbers", images[digit], alt=say("opened.alt", label=label), values=True)
    digit_course(looked, digit)
    other_answers(looked, digit)


def _inside_button(looked: Looked, digit: int) -> None:
    """A button that opens this digit in Look inside."""
    wrong = looked.answers.labels[digit] != looked.answers.predicted[digit]
    st.button(
        say("inside_layers.look_inside"),
        key="opened.inside",
        icon=":material/neurology:",
        type="tertiary",
        on_click=partial(
            go,
            "inside",
            subject="mistake" if wrong else "test",
            run=looked.run.id,
            epoch=looked.epoch,
            digit=digit,
            **_FROM_THE_START,
        ),
    )


def _turn(key: str) -> None:
    change(page=st.session_state[key], digit=None)


def _draw_over(image: Bytes, looked: Looked) -> None:
    drawing().draw_over(np.array(image))
    go("draw", source="draw", model=looked.run.id, model_epoch=looked.epoch)


def _digit(looked: Looked, view: MistakesView, shown: Indices) -> int:
    if view.digit is None:
        return int(shown[0])
    nearest = min(view.digit, len(looked.answers) - 1)
    if nearest != view.digit:
        st.warning(say("mistakes.no_digit", wanted=view.digit, last=nearest))
    return nearest


def _list(looked: Looked, shown: Indices) -> None:
    """The digits as a table, if their images are missing."""
    answers = looked.answers
    st.dataframe(
        {
            say("table.index"): shown,
            say("table.label"): answers.labels[shown],
            say("table.predict"): answers.predicted[shown],
            say("table.confidence"): np.round(answers.confidence[shown], 4),
        },
        key="mistakes.list",
        hide_index=True,
        alt=say("mistakes.sheet_alt", count=len(shown)),
    )
