"""One opened digit: its probabilities, what became of it over the epochs, and the way to the ones before and after."""

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
from pages.run.mistakes.shown import Shown
from pages.shared.run_header import Looked
from pages.state.drawing import drawing
from pages.state.page_links import go
from pages.state.plain_text import literal
from pages.state.shortcuts import NEXT_DIGIT, NEXT_MISTAKE, PREVIOUS_DIGIT, PREVIOUS_MISTAKE
from pages.state.url_state import change
from pages.widgets.digit_picture import one_digit
from pages.widgets.probability_bars import probability_bars
from pages.widgets.turn_buttons import turn_buttons

PER_PAGE = 48
"""Digits on a page of a sheet."""
_SIZE = 168
_FROM_THE_START: dict[str, Any] = {"part": "layers", "layer": "", "map": 0, "row": None, "column": None}
"""Resets Inside: this network may not have the layer shown before."""


def opened_digit(shown: Shown, digit: int, order: Indices | None = None, *, mistakes: bool = False) -> None:
    """One digit enlarged, with its probabilities after this and other epochs, and other runs' predictions.

    `order` holds the digits that Previous and Next go through, `mistakes` says whether these are; without it there are
    no such buttons.
    """
    answers, looked, images = shown.answers, shown.looked, shown.images
    label, predicted = int(answers.labels[digit]), int(answers.predicted[digit])
    if order is not None:
        _neighbors(digit, order, mistakes=mistakes)
    kind = "training" if shown.training else "wrong" if label != predicted else "right"
    confidence = figures.probability(float(answers.confidence[digit]))
    names = {"label": literal(shown.classes[label]), "predicted": literal(shown.classes[predicted])}
    st.markdown(say(f"opened.{kind}", index=digit, **names, confidence=confidence))
    alt = say("opened.alt", label=shown.classes[label])
    picture, bars = st.columns([1, 1])
    with picture:
        values = False
        if images is not None:
            one_channel = images.ndim == 3
            values = one_channel and bool(st.session_state.get("opened.values", False))
            one_digit("opened.picture", images[digit], alt=alt, size=_SIZE, ink=shown.ink)
            if one_channel:
                st.toggle(say("opened.values"), key="opened.values")
    with bars:
        probability_bars("opened.bars", answers.probabilities[digit], shown.classes, label=label, predicted=predicted)
    if images is not None:
        with st.container(horizontal=True, gap="small"):
            if looked.run.manifest.config.data.takes_drawings:
                st.button(
                    say("opened.draw_over"),
                    key="opened.draw_over",
                    icon=":material/draw:",
                    type="tertiary",
                    on_click=_draw_over,
                    args=(images[digit], looked),
                )
            if not shown.training and looked.part == "test" and weighted_epochs(looked.run.folder):
                _inside_button(looked, digit)
    if values and images is not None:
        one_digit("opened.numbers", images[digit], alt=alt, values=True)
    if not shown.training:
        digit_course(looked, digit)
        other_answers(looked, digit)


def _neighbors(digit: int, order: Indices, *, mistakes: bool) -> None:
    """Buttons that open the digits before and after this one, and its place among them."""
    places = np.flatnonzero(order == digit)
    place = int(places[0]) if len(places) else -1
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="opened.neighbors"):
        turn_buttons(
            ("opened.previous", "opened.next"),
            place,
            range(len(order)),
            partial(_open, order),
            shortcuts=(PREVIOUS_MISTAKE, NEXT_MISTAKE) if mistakes else (PREVIOUS_DIGIT, NEXT_DIGIT),
        )
        if place < 0:
            st.caption(say("opened.elsewhere"), width="content")
        else:
            st.caption(say("opened.place", place=f"{place + 1:,}", of=f"{len(order):,}"), width="content")


def _open(order: Indices, place: int) -> None:
    change(digit=int(order[place]), page=place // PER_PAGE + 1)


def _inside_button(looked: Looked, digit: int) -> None:
    """A button that opens this digit in Inside."""
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


def _draw_over(image: Bytes, looked: Looked) -> None:
    drawing().draw_over(np.array(image))
    go("draw", source="draw", model=looked.run.id, model_epoch=looked.epoch)
