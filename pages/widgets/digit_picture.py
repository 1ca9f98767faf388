"""One large digit, as crisp pixels or as numbers."""

import logging

import streamlit as st

from core.array_types import Bytes
from core.data.sprite import sprite_uri
from core.text import say
from pages.widgets.browser_script import loader

_NUMBER = 20  # the smallest square, in pixels, in which three digits are legible

_EMPTY = (
    '<div class="picture"><i style="display:block;aspect-ratio:1;'
    'border-radius:var(--st-base-radius);background:var(--st-secondary-background-color)"></i></div>'
)
"""The picture's square until its script has come."""
_mount = st.components.v2.component("digit_picture", html=_EMPTY, js=loader("digit_picture"))


def one_digit(key: str, image: Bytes, *, size: int = 280, alt: str, values: bool = False, ink: bool = True) -> None:
    """Draw one image, uint8 (h, w) or with 3 channels, in a square `size` pixels wide.

    `ink` is drawn on paper in light, bright on dark in dark; else, and with channels, the image is drawn as it is.

    With `values`, which it must not have channels for, its numbers stand in the pixels, which are then at least 20
    pixels wide; a narrow screen scrolls them sideways. An image that cannot be drawn leaves a sentence in its place.
    """
    try:
        as_is = image.ndim > 2 or not ink
        uri = sprite_uri(image[None], ink=not as_is)
    except ValueError as error:
        unshowable(key, error)
        return
    side = max(size, image.shape[1] * _NUMBER) if values else size
    numbers = image.tolist() if values else None
    data = {"size": side, "alt": alt, "sprite": uri, "values": numbers, "as_is": as_is}
    # as high as the column lets it be wide; numbers scroll instead
    _mount(key=key, data=data, width="stretch" if values else side, height="content")


def unshowable(key: str, error: ValueError) -> None:
    """Show that digits cannot be drawn, and log the reason."""
    logging.getLogger(__name__).error("%s: %s", key, error)
    st.error(say("digit_sheet.unshowable"))
