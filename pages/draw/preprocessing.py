"""The preprocessing of a drawing to 28×28, step by step; each step can be turned off."""

from dataclasses import replace

import numpy as np
import streamlit as st
from PIL import Image

from core import formatting as figures
from core.array_types import Bytes, Floats
from core.drawing.to_mnist import ALL_STEPS, Prepared, Steps, prepare
from core.errors import EmptyDrawing
from core.text import say
from pages.draw.readers import Model
from pages.state.drawing import Rgba
from pages.widgets.digit_picture import one_digit
from pages.widgets.explanations import explanations

STEPS = ("polarity", "crop", "center")
SIZE = 112
_KEY = "draw.prepared"


def chosen_steps() -> Steps:
    """The steps that are turned on."""
    return Steps(**{name: bool(st.session_state.get(f"draw.step.{name}", True)) for name in STEPS})


def prepared(rgba: Rgba, steps: Steps) -> Prepared | None:
    """The picture after these steps, or None if it has no ink; cached, since a photo takes a while."""
    picture, known = st.session_state.get(_KEY, (None, {}))
    if picture is None or not np.array_equal(picture, rgba):
        known = {}
        st.session_state[_KEY] = rgba, known
    if steps not in known:
        try:
            # with a step off, even a blank sheet would yield a digit
            known[steps] = None if steps != ALL_STEPS and prepared(rgba, ALL_STEPS) is None else prepare(rgba, steps)
        except EmptyDrawing:
            known[steps] = None
    found: Prepared | None = known[steps]
    return found


def drawing_way(rgba: Rgba, model: Model) -> None:
    """The picture after each step, the step's toggle, and the prediction without it."""
    way = prepared(rgba, chosen_steps())
    if way is None:
        return
    about = explanations({say(f"way.{name}"): say(f"way.{name}_help") for name in STEPS}, first=say("way.help"))
    st.subheader(say("way.title"), anchor=False, help=about)
    pictures = {"polarity": _square(way.ink), "crop": _middle(way.cropped), "center": _bytes(way.digit)}
    for column, name in zip(st.columns(3, gap="medium"), STEPS, strict=True):
        with column, st.container(horizontal=True, gap="small"):
            with st.container(width=SIZE, key=f"scaled-{name}"):
                one_digit(f"way.{name}", pictures[name], size=SIZE, alt=say(f"way.{name}"))
            with st.container(width="stretch", gap="xsmall"):
                st.toggle(
                    say(f"way.{name}"),
                    value=True,
                    key=f"draw.step.{name}",
                    persist_state="session",
                )
                st.caption(_without(rgba, model, name))


def _without(rgba: Rgba, model: Model, name: str) -> str:
    way = prepared(rgba, replace(ALL_STEPS, **{name: False}))
    if way is None:
        return say("way.without_nothing")
    probabilities = model.classifier.probabilities(way.digit[None])[0]
    answer = int(probabilities.argmax())
    return say("way.without", digit=answer, confidence=figures.probability(float(probabilities[answer])))


def _square(ink: Floats) -> Bytes:
    """The whole picture's ink, scaled to fit uint8 (28, 28)."""
    gray = Image.fromarray(_bytes(ink))
    gray.thumbnail((28, 28), Image.Resampling.BOX)
    return _middle(np.asarray(gray, np.float32) / np.float32(255))


def _middle(picture: Floats) -> Bytes:
    """The picture centered in uint8 (28, 28)."""
    height, width = picture.shape
    placed = np.zeros((28, 28), np.float32)
    top, left = (28 - height) // 2, (28 - width) // 2
    placed[top : top + height, left : left + width] = picture
    return _bytes(placed)


def _bytes(picture: Floats) -> Bytes:
    return np.round(picture * 255).astype(np.uint8)
