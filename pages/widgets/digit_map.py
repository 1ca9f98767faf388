"""Digits as pictures on a map, where like ones are close together; it can be zoomed, and a click opens a digit."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import numpy as np
import streamlit as st

from core.array_types import Bytes, Doubles, Floats
from core.charts.palette import Palette, class_colors
from core.data.sprite import sheet_uri
from core.text import say
from pages.widgets.browser_script import empty, loader

COLUMNS = 50
"""Digits in a row of the picture that the browser cuts apart."""

_mount = st.components.v2.component("digit_map", html=empty("map", "28rem"), js=loader("digit_map"))
_send = st.components.v2.component("digit_map_sheet", js=loader("digit_map"))


def digit_map(
    key: str,
    images: Bytes,
    points: Floats,
    labels: Bytes,
    predicted: Bytes,
    *,
    classes: Sequence[str],
    ink: bool,
    chosen: int | None,
    axes: tuple[str, str],
    alt: str,
    colors: Palette,
    height: int,
    on_choose: Callable[[int], None],
) -> None:
    """Draw images uint8 (n, h, w), or with channels, at points float32 (n, 2), misclassified ones framed.

    `ink` is drawn in the colors of the labels, other images as they are.
    Labels and predicted are uint8 (n,), `chosen` is the index of the digit to mark, and `axes` are the titles. A click
    or Enter calls on_choose with a digit's index before the rerun, like a widget's callback. Another key or other
    points reset the zoom.
    """
    count = len(points)

    def choose() -> None:
        sent = st.session_state.get(key)
        index = sent.get("choice") if isinstance(sent, dict) else None
        # the browser's value is not trusted
        if type(index) is int and 0 <= index < count:
            on_choose(index)

    as_is = images.ndim > 3 or not ink
    digest, sheet = _sheet(images.tobytes(), images.shape, ink=not as_is)
    places = _on_screen(points).ravel().tolist()
    with st.container(gap=None):
        # apart from what changes with a click, so that Streamlit sends it once
        _send(key=f"{key}.sheet", data={"digest": digest, "sheet": sheet})
        _mount(
            key=key,
            data={
                "map": f"{key} {sha256(np.array(places).tobytes()).hexdigest()[:16]}",
                "digest": digest,
                "columns": COLUMNS,
                "side": max(images.shape[1:3]),
                "as_is": as_is,
                "classes": list(classes),
                "points": places,
                "labels": labels.tolist(),
                "predicted": predicted.tolist(),
                "chosen": chosen if chosen is not None and chosen < count else None,
                "axes": list(axes),
                "alt": alt,
                "height": height,
                "colors": {
                    "classes": class_colors(colors, len(classes)),
                    "wrong": colors.wrong,
                    "text": colors.text,
                    "background": colors.background,
                },
                "words": {
                    "right": say("digit_map.right", index="{index}", label="{label}"),
                    "wrong": say("digit_map.wrong", index="{index}", label="{label}", predicted="{predicted}"),
                    "zoom": [say(f"digit_map.{name}") for name in ("zoom_in", "zoom_out", "whole")],
                },
            },
            height=height,
            on_choice_change=choose,
        )


def _on_screen(points: Floats) -> Doubles:
    """The points as shares of the plot's width and height, from its upper left corner, with room at the edges."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.04 * np.maximum(high - low, 1e-6)
    shares = (points - low + room) / (high - low + 2 * room)
    shown: Doubles = np.stack([shares[:, 0], 1 - shares[:, 1]], axis=1).astype(np.float64).round(4)
    return shown


@st.cache_resource(max_entries=4, show_spinner=False)
def _sheet(pixels: bytes, shape: tuple[int, ...], *, ink: bool) -> tuple[str, str]:
    """The digest of these digits, and a picture of them."""
    images = np.frombuffer(pixels, np.uint8).reshape(shape)
    return sha256(pixels).hexdigest()[:16], sheet_uri(images, COLUMNS, ink=ink)
