"""Lesson on softmax and loss: from scores to probabilities, for digits between which a network cannot decide."""

import numpy as np
import streamlit as st

from core import formatting as figures
from core.analysis.verdict import guessing
from core.errors import UnreadableRun
from core.explain.softmax import Softmax, softmax
from core.text import say
from pages.learn.digits import CLASSES, lesson_digits, lesson_network, softmax_cases, unreadable
from pages.learn.stepper import step_buttons
from pages.learn.view import LearnView
from pages.learn.within import within
from pages.shared.softmax_table import COLUMNS, loss_sentences, softmax_table
from pages.state.url_state import change
from pages.widgets.digit_picture import one_digit
from pages.widgets.digit_sheet import SheetDigit, digit_sheet

_SIDE = 364
_LAST = len(COLUMNS)
"""Steps: logits, exponentials, probabilities, loss."""


def softmax_lesson(view: LearnView) -> None:
    """Digits to choose from, and the calculation for the chosen one, a column per step."""
    data, network = lesson_digits(), lesson_network()
    if data is None or network is None:
        return
    try:
        cases = softmax_cases(data, network.run)
    except UnreadableRun as error:
        unreadable(error)
        return
    step = within("step", _LAST if view.step is None else view.step, 0, _LAST, str)
    chosen = cases[view.case - 1]
    images = np.array([data.test_images[case.digit.index] for case in cases])
    pick, turn = st.columns([13, 10], vertical_alignment="center")
    with pick:
        digit_sheet(
            "learn.cases",
            images,
            [SheetDigit(place, case.caption) for place, case in enumerate(cases, start=1)],
            chosen=view.case,
            alt=say("lessons.softmax.cases"),
            size=42,
            on_choose=lambda place: change(case=place),
        )
    with turn:
        step_buttons(step, 0, _LAST, say(f"lessons.softmax.steps.{step}"))
    outputs = network.outputs(chosen.digit)
    names = [row.layer.name for row in network.table]
    result = softmax(outputs[names[-2]], network.weights[names[-1]])
    label, predicted = chosen.digit.label, int(result.probabilities.argmax())
    picture, table, loss = st.columns([6, 12, 6], gap="medium")
    with picture:
        one_digit("learn.digit", images[view.case - 1], size=_SIDE, alt=say("opened.alt", label=label))
        percent = figures.probability(float(result.probabilities[predicted]))
        said = "right" if predicted == label else "wrong"
        st.markdown(say(f"lessons.softmax.{said}", label=label, predicted=predicted, percent=percent))
    with table:
        softmax_table(result, label, CLASSES, shown=min(step + 1, len(COLUMNS)), large=True)
    with loss:
        _loss(result, label, shown=step == _LAST)


def _loss(result: Softmax, label: int, *, shown: bool) -> None:
    about = say("output.loss_help", classes=len(CLASSES), guessing=figures.loss(guessing(len(CLASSES))))
    st.metric(
        say("lessons.softmax.loss"),
        figures.loss(result.loss(label)) if shown else "–",
        help=about,
    )
    if shown:
        for sentence in loss_sentences(result, label, CLASSES):
            st.markdown(sentence)
        st.caption(say("output.stable"))
