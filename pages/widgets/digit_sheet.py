"""A sheet of up to a hundred digits, drawn as one picture, each a button."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.array_types import Bytes
from core.data.sprite import sprite_uri
from core.explain.tiles import Shades
from core.text import listed, say
from pages.widgets.browser_script import loader
from pages.widgets.digit_picture import unshowable

_MARGIN, _ARROW = 4, 22
"""Pixels around a digit, and beside it for an arrow, as in digit_sheet.js."""
_mount = st.components.v2.component("digit_sheet", html='<div class="sheet"></div>', js=loader("digit_sheet"))


@dataclass(frozen=True)
class SheetDigit:
    """A digit's caption lines, and the index that a click on it sends; `hover` is its tooltip."""

    index: int
    caption: str = ""
    detail: str = ""
    wrong: bool = False
    hover: str = ""


def digit_sheet(
    key: str,
    images: Bytes | Shades,
    digits: Sequence[SheetDigit],
    *,
    alt: str,
    chosen: int | None = None,
    size: int = 56,
    beside: Shades | None = None,
    beside_size: int = 28,
    arrows: bool = False,
    ink: bool = True,
    opens: str = "",
    on_choose: Callable[[int], None] | None = None,
) -> None:
    """Draw images uint8 (n, h, w), or with 3 channels, in a grid; a click or Enter calls on_choose with an index.

    `ink` is drawn in the color of text, as digits are; else, and with channels, images are drawn as they are. Shades
    are pictures of any size, blue above zero and orange below. `beside` is a second picture for each image, to its
    left; with `arrows`, an arrow leads from each image to the next. `chosen` is the index to mark, `alt` the grid's
    text for screen readers, `size` is in pixels (multiples of the image's side are crispest). `opens` is the key of the
    container that shows the chosen image: the page scrolls to it if it is below the window. on_choose runs before the
    rerun, like a widget's callback; without it the sheet is not clickable. No images draw nothing; different numbers of
    images and captions draw an error message.
    """
    if not digits and not len(images):
        return
    try:
        if len(images) != len(digits):
            raise ValueError(f"{len(images)} images for {len(digits)} digits")
        as_is = not isinstance(images, Shades) and (images.ndim > 3 or not ink)
        pictures = _sprites(images if isinstance(images, Shades) else Shades(images), "sprite", ink=not as_is)
        if beside is not None:
            pictures |= _sprites(beside, "beside", ink=True) | {"beside_size": beside_size}
    except ValueError as error:
        unshowable(key, error)
        return
    indices = {int(digit.index) for digit in digits}

    def choose() -> None:
        sent = st.session_state.get(key)
        index = sent.get("choice") if isinstance(sent, dict) else None
        # the browser's value is not trusted: it may be True, or a digit of a sheet shown earlier
        if on_choose and type(index) is int and index in indices:
            on_choose(index)

    with st.container(key=f"sheet-room.{key}"):
        st.html(_places(digits, size, None if beside is None else beside_size, arrows=arrows))
        _mount(
            key=key,
            data={
                **pictures,
                "arrows": arrows,
                "as_is": as_is,
                "digits": [_message(digit) for digit in digits],
                "chosen": None if chosen is None else int(chosen),
                "alt": alt,
                "size": size,
                "choosable": on_choose is not None,
                "opens": opens,
            },
            on_choice_change=choose,
        )


def _places(digits: Sequence[SheetDigit], size: int, beside_size: int | None, *, arrows: bool) -> str:
    """An empty square for each digit, where digit_sheet.js will draw it."""
    wide = size + 2 * _MARGIN + (0 if beside_size is None else beside_size + _MARGIN)
    lines = max(bool(digit.caption) + bool(digit.detail) + digit.detail.count("\n") for digit in digits)
    style = {
        "--cell": f"{wide + (_ARROW if arrows else 0)}px",
        "--gap": "8px 16px" if arrows else "8px",
        "--paper-width": f"{wide}px",
        "--paper-height": f"{size + 2 * _MARGIN}px",
        "--lines": str(lines),
    }
    styled = ";".join(f"{name}:{value}" for name, value in style.items())
    return f'<div class="sheet-places" aria-hidden="true" style="{styled}">{"<i></i>" * len(digits)}</div>'


def _sprites(pictures: Shades, name: str, *, ink: bool) -> dict[str, Any]:
    below = {} if pictures.below is None else {f"{name}_below": sprite_uri(pictures.below)}
    return {name: sprite_uri(pictures.above, ink=ink), **below}


def _message(digit: SheetDigit) -> dict[str, Any]:
    label = (digit.caption, digit.detail, say("digit_sheet.wrong") if digit.wrong else "")
    return {
        "index": int(digit.index),
        "caption": digit.caption,
        "detail": digit.detail,
        "label": listed(filter(None, label)),
        "wrong": bool(digit.wrong),
        "hover": digit.hover,
    }
