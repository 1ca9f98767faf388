"""The preprocessing of a drawing to 28×28, step by step; each step can be turned off."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st
from PIL import Image

from core import formatting as figures
from core.array_types import Bytes, Floats
from core.drawing.to_mnist import ALL_STEPS, Pictured, Prepared, Steps, digits_in, prepare
from core.errors import EmptyDrawing
from core.text import say
from pages.draw.readers import Model
from pages.state.drawing import Rgba
from pages.widgets.digit_picture import one_digit
from pages.widgets.explanations import explanations

STEPS = ("polarity", "crop", "center")
OF_A_PHOTO = ("sheet", "lines")
SIZE = 112
_KEY = "draw.prepared"


def chosen_steps() -> Steps:
    """The steps that are turned on."""
    return Steps(**{name: bool(st.session_state.get(f"draw.step.{name}", True)) for name in (*OF_A_PHOTO, *STEPS)})


def prepared(rgba: Rgba, steps: Steps, *, brought: bool) -> Pictured | None:
    """The digits of a drawing, or of a picture that was brought, after these steps, or None if it has no ink.

    Cached, since a photo takes a while.
    """
    picture, known = st.session_state.get(_KEY, (None, {}))
    if picture is None or not np.array_equal(picture, rgba):
        known = {}
        st.session_state[_KEY] = rgba, known
    if (steps, brought) not in known:
        try:
            if steps != ALL_STEPS and prepared(rgba, ALL_STEPS, brought=brought) is None:
                # with a step off, even a blank sheet would yield a digit
                known[steps, brought] = None
            else:
                known[steps, brought] = digits_in(rgba, steps) if brought else Pictured((prepare(rgba, steps),))
        except EmptyDrawing:
            known[steps, brought] = None
    found: Pictured | None = known[steps, brought]
    return found


def drawing_way(rgba: Rgba, way: Prepared, model: Model, *, brought: bool, number: int) -> None:
    """The picture after each step, the step's toggle, and the prediction without it.

    `way` is the digit after the chosen steps, the picture's digit of this number.
    """
    of_photo = _steps_of_photo(rgba) if brought else {}
    about = explanations(
        {say(f"way.{name}"): say(f"way.{name}_help") for name in (*of_photo, *STEPS)}, first=say("way.help")
    )
    st.subheader(say("way.title"), anchor=False, help=about)
    pictures = {"polarity": _square(way.ink), "crop": _middle(way.cropped), "center": _bytes(way.digit)}
    without = partial(_without, rgba, model, brought=brought, number=number)
    if of_photo:
        for column, (name, shown) in zip(st.columns(3, gap="medium"), of_photo.items(), strict=False):
            with column, st.container(horizontal=True, gap="small"):
                with st.container(width=SIZE, key=f"way.shown.{name}"):
                    st.image(shown, width=SIZE)
                _step(name, without)
    for column, name in zip(st.columns(3, gap="medium"), STEPS, strict=True):
        with column, st.container(horizontal=True, gap="small"):
            with st.container(width=SIZE, key=f"scaled-{name}"):
                one_digit(f"way.{name}", pictures[name], size=SIZE, alt=say(f"way.{name}"))
            _step(name, without)


def _steps_of_photo(rgba: Rgba) -> dict[str, Image.Image]:
    """Pictures of what was found in a photo, used or not: its sheet, and its ink without printed lines."""
    found, now = (prepared(rgba, steps, brought=True) for steps in (ALL_STEPS, chosen_steps()))
    shown = {}
    if found is not None and found.sheet is not None:
        shown["sheet"] = Image.fromarray(rgba if now is None or now.sheet is None else now.sheet)
    if found is not None and found.unlined is not None:
        ink = found.unlined if now is None or now.unlined is None else now.unlined
        shown["lines"] = Image.fromarray(255 - _bytes(ink))
    for picture in shown.values():
        picture.thumbnail((2 * SIZE, 2 * SIZE))
    return shown


def _step(name: str, without: Callable[[str], str]) -> None:
    with st.container(width="stretch", gap="xsmall"):
        st.toggle(say(f"way.{name}"), value=True, key=f"draw.step.{name}", persist_state="session")
        st.caption(without(name))


def _without(rgba: Rgba, model: Model, name: str, *, brought: bool, number: int) -> str:
    way = prepared(rgba, replace(ALL_STEPS, **{name: False}), brought=brought)
    if way is None:
        return say("way.without_nothing")
    # without a step, other digits may be found
    digit = way.digits[min(number, len(way.digits) - 1)].digit
    probabilities = model.classifier.probabilities(digit[None])[0]
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
