"""Any square of numbers as pixels, with a window that can be moved over it, or as the numbers that they are."""

from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.sprite import sprite_uri
from core.explain.tiles import shades
from pages.widgets.browser_script import loader

Numbers = NDArray[np.float32] | NDArray[np.float64]
Place = tuple[int, int]

_mount = st.components.v2.component("digit_pixels", html='<div class="pixels"></div>', js=loader("digit_pixels"))


def pixel_picture(
    key: str,
    values: Numbers,
    *,
    alt: str,
    pixel: int,
    title: str = "",
    limit: float | None = None,
    signed: bool | None = None,
    at: Place | None = None,
    span: int = 1,
    margin: int = 0,
    on_choose: Callable[[int, int], None] | None = None,
) -> None:
    """Draw values (side, side), blue above zero and orange below; `limit`, at first the strongest, is full ink.

    Without anything below zero, or not `signed`, in the text's colour. `at` is the upper left corner of a marked window
    of `span` pixels; with on_choose a click or the arrow keys move it, and on_choose gets its row and column, before
    the rerun as a widget's callback does. `margin` is the width of a frame around the real picture, told by a dashed
    line; `pixel` the width of one, in the screen's.
    """
    drawn = shades(values[None].astype(np.float32), limit, signed=signed)
    last = len(values) - span

    def choose() -> None:
        sent = st.session_state.get(key)
        place = sent.get("choice") if isinstance(sent, dict) else None
        # it comes from a browser
        if on_choose and isinstance(place, list) and len(place) == 2 and all(type(one) is int for one in place):
            row, column = place
            if 0 <= row <= last and 0 <= column <= last:
                on_choose(row, column)

    _mount(
        key=key,
        data={
            "side": len(values),
            "pixel": pixel,
            "above": sprite_uri(drawn.above),
            "below": None if drawn.below is None else sprite_uri(drawn.below),
            "title": title,
            "alt": alt,
            "at": None if at is None else list(at),
            "span": span,
            "margin": margin,
            "choosable": on_choose is not None,
            "texts": None,
        },
        on_choice_change=choose,
        width="content",
    )


def number_table(
    key: str,
    values: Numbers,
    *,
    alt: str,
    pixel: int = 34,
    title: str = "",
    limit: float | None = None,
    signed: bool | None = None,
    at: Place | None = None,
) -> None:
    """Values (rows, columns) as numbers on the same colours, with two digits behind the point; `at` marks one."""
    limit = max(float(np.abs(values).max(initial=0)) if limit is None else limit, 1e-12)
    shade = np.round(np.clip(values.astype(np.float64) / limit, -1, 1), 3)
    data = {
        "texts": [[hundredths(value) for value in row] for row in values.tolist()],
        "shades": shade.tolist(),
        "below": bool((shade < 0).any()) if signed is None else signed,
        "pixel": pixel,
        "title": title,
        "alt": alt,
        "at": None if at is None else list(at),
    }
    _mount(key=key, data=data, width="content")


def hundredths(value: float) -> str:
    """A number with two digits behind the point and a real minus; nothing behind it where it is exactly whole."""
    text = f"{value:.2f}"
    if value == int(value):
        text = f"{value:.0f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")
