"""A square array as pixels, with a movable window over it, or as a table of numbers."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.array_types import Doubles, Floats
from core.data.sprite import sprite_uri
from core.explain.tiles import shades
from pages.widgets.browser_script import loader

Numbers = Floats | Doubles
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
    span: Place = (1, 1),
    stride: Place = (1, 1),
    margin: int = 0,
    on_choose: Callable[[int, int], None] | None = None,
) -> None:
    """Draw values (side, side), blue above zero and orange below; `limit`, by default the largest, is full intensity.

    If not `signed`, or without negative values, it is drawn in the text's color. `at` is the upper left corner of a
    marked window of `span` rows and columns. With on_choose, a click or the arrow keys move the window by `stride`, and
    on_choose gets its row and column before the rerun, like a widget's callback. `margin` is the width of the padding
    around the picture, marked by a dashed line; `pixel` is the size of one value in screen pixels.
    """
    drawn = shades(values[None].astype(np.float32), limit, signed=signed)
    last_row, last_column = len(values) - span[0], len(values) - span[1]

    def choose() -> None:
        sent = st.session_state.get(key)
        place = sent.get("choice") if isinstance(sent, dict) else None
        # the browser's value is not trusted
        if on_choose and isinstance(place, list) and len(place) == 2 and all(type(one) is int for one in place):
            row, column = place
            if 0 <= row <= last_row and 0 <= column <= last_column:
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
            "span": list(span),
            "stride": list(stride),
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
    """Draw values (rows, columns) as numbers with two decimals on the same colors; `at` marks one."""
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
    """A number with two decimals and a real minus sign; without decimals if it is whole."""
    text = f"{value:.2f}"
    if value == int(value):
        text = f"{value:.0f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")
