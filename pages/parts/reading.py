"""A drawing read: the answer, the way to it, what other networks say, and what lights up."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core import figures
from core.digits.drawing import ALL_STEPS, prepare
from core.errors import DigitLabError, EmptyDrawing
from core.words import say
from pages.parts.drawing import Rgba
from pages.parts.drawing_label import drawing_label
from pages.parts.drawing_source import drawing_source
from pages.parts.drawing_way import chosen_steps, drawing_way
from pages.parts.feature_maps import feature_maps
from pages.parts.looking import view_now
from pages.parts.model_table import model_table
from pages.parts.models import Model, models
from pages.parts.plain_text import plain_text
from pages.parts.probability_bars import probability_bars

_ANSWER = (
    '<div style="display:flex;align-items:baseline;gap:1rem;min-height:6.5rem">'
    '<span style="font-size:6rem;line-height:1;font-weight:650">{digit}</span>'
    '<span style="font-size:1.25rem">{confidence}</span></div>'
)


@st.fragment
def reading() -> None:
    """Canvas at the left, the answer beside it; everything anew at each stroke."""
    view = view_now()
    left, middle, right = st.columns([6, 5, 8], gap="medium")
    with left:
        rgba = drawing_source(view)
    with right:
        readers = models(view)
    with middle:
        digit = _prepared(rgba)
        if not readers or rgba is None or digit is None:
            _nothing()
            return
        probabilities = readers[0].classifier.probabilities(digit[None])[0]
        _answer(probabilities, readers[0])
        drawing_label(rgba, int(probabilities.argmax()))
    with right:
        model_table(digit, readers)
    drawing_way(rgba, readers[0])
    feature_maps(digit, readers[0])


def _prepared(rgba: Rgba | None) -> NDArray[np.float32] | None:
    if rgba is None:
        return None
    try:
        return prepare(rgba, chosen_steps()).digit
    except EmptyDrawing:
        return None
    except DigitLabError as error:
        st.warning(plain_text(str(error)))
        return None


def _nothing() -> None:
    st.html(_ANSWER.format(digit="", confidence=""))
    st.caption(say("draw.nothing"))


def _answer(probabilities: NDArray[np.float32], model: Model) -> None:
    digit = int(probabilities.argmax())
    confidence = figures.percent(float(probabilities[digit]))
    st.html(_ANSWER.format(digit=digit, confidence=confidence))
    if chosen_steps() != ALL_STEPS:
        st.caption(say("draw.steps_off"))
    probability_bars("draw.bars", probabilities, predicted=digit)
    st.caption(say("draw.read_by", name=plain_text(model.run.name, longest=40), epoch=model.epoch))
