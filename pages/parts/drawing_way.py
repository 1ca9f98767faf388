"""The honest way from a drawing to 28×28, step by step, each of which can be left out."""

from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from core import figures
from core.digits.arrays import Bytes
from core.digits.drawing import ALL_STEPS, Steps, prepare
from core.errors import EmptyDrawing
from core.words import say
from pages.parts.digit_picture import one_digit
from pages.parts.drawing import Rgba
from pages.parts.models import Model

STEPS = ("polarity", "crop", "centre")
SIZE = 112


def chosen_steps() -> Steps:
    """The steps that this visitor has left on."""
    return Steps(**{name: bool(st.session_state.get(f"draw.step.{name}", True)) for name in STEPS})


def drawing_way(rgba: Rgba, model: Model) -> None:
    """A picture after each step, a switch, and the answer without it."""
    st.subheader(say("way.title"), anchor=False, help=say("way.help"))
    steps = chosen_steps()
    try:
        prepared = prepare(rgba, steps)
    except EmptyDrawing:
        return
    pictures = {"polarity": _square(prepared.ink), "crop": _middle(prepared.cropped), "centre": _bytes(prepared.digit)}
    for column, name in zip(st.columns(3, gap="medium"), STEPS, strict=True):
        with column, st.container(horizontal=True):
            one_digit(f"way.{name}", pictures[name], size=SIZE, alt=say(f"way.{name}"))
            with st.container(width=190, gap="xsmall"):
                st.toggle(
                    say(f"way.{name}"),
                    value=True,
                    key=f"draw.step.{name}",
                    help=say(f"way.{name}_help"),
                    persist_state="session",
                )
                st.caption(_without(rgba, model, name))


def _without(rgba: Rgba, model: Model, name: str) -> str:
    try:
        digit = prepare(rgba, replace(ALL_STEPS, **{name: False})).digit
    except EmptyDrawing:
        return say("way.without_nothing")
    probabilities = model.classifier.probabilities(digit[None])[0]
    answer = int(probabilities.argmax())
    return say("way.without", digit=answer, confidence=figures.percent(float(probabilities[answer])))


def _square(ink: NDArray[np.float32]) -> Bytes:
    """The whole picture's ink as uint8 (28, 28), its longer side filling it."""
    grey = Image.fromarray(_bytes(ink))
    grey.thumbnail((28, 28), Image.Resampling.BOX)
    return _middle(np.asarray(grey, np.float32) / np.float32(255))


def _middle(picture: NDArray[np.float32]) -> Bytes:
    """A picture in the middle of uint8 (28, 28)."""
    height, width = picture.shape
    placed = np.zeros((28, 28), np.float32)
    top, left = (28 - height) // 2, (28 - width) // 2
    placed[top : top + height, left : left + width] = picture
    return _bytes(placed)


def _bytes(picture: NDArray[np.float32]) -> Bytes:
    return np.round(picture * 255).astype(np.uint8)
