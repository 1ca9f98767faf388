"""Where a digit comes from: drawn, brought as a picture, or taken from the test set."""

import numpy as np
import streamlit as st

from core.digits import datasets
from core.digits.pictures import UnreadablePicture, read_picture
from core.view import View
from core.words import say
from pages.parts.digit_canvas import digit_canvas
from pages.parts.digit_picture import one_digit
from pages.parts.drawing import SIDE, Rgba, drawing
from pages.parts.looking import bound, change
from pages.parts.plain_text import plain_text
from pages.parts.resources import dataset

_UPLOAD = "draw.uploaded"


def drawing_source(view: View) -> Rgba | None:
    """Pickers for the source and what it gives, uint8 (H, W, 4); None where there is nothing to read yet."""
    st.segmented_control(
        say("draw.source"),
        ["draw", "upload", "test"],
        format_func=lambda name: say(f"draw.sources.{name}"),
        required=True,
        label_visibility="collapsed",
        **bound("source", view.source, first="default"),
    )
    if view.source == "upload":
        return _uploaded()
    return _test_digit(view) if view.source == "test" else digit_canvas(drawing())


def _uploaded() -> Rgba | None:
    file = st.file_uploader(
        say("draw.upload"), type=["png", "jpg", "jpeg"], key="draw.file", help=say("draw.upload_help")
    )
    if file is not None:
        try:
            st.session_state[_UPLOAD] = read_picture(file.getvalue())
        except UnreadablePicture as error:
            st.session_state.pop(_UPLOAD, None)
            st.warning(plain_text(str(error)), icon=":material/broken_image:")
    picture: Rgba | None = st.session_state.get(_UPLOAD)
    if picture is not None:
        st.image(picture, width=SIDE, caption=say("draw.uploaded"))
    return picture


def _test_digit(view: View) -> Rgba | None:
    name = next((name for name in ("mnist", "mnist-5k") if datasets.status(name).state == "ready"), None)
    data = dataset(name) if name else None
    if data is None:
        st.info(say("draw.no_digits"), icon=":material/cloud_off:")
        return None
    count = len(data.test_images)
    index = min(view.index, count - 1)
    if index != view.index:
        st.warning(say("mistakes.no_digit", wanted=view.index, last=index))
    st.button(
        say("draw.another"),
        key="draw.another",
        icon=":material/casino:",
        on_click=lambda: change(index=int(np.random.default_rng().integers(count))),
    )
    image = data.test_images[index]
    one_digit("draw.test_digit", image, size=SIDE, alt=say("opened.alt", label=int(data.test_labels[index])))
    st.caption(say("draw.test_digit", index=index, label=int(data.test_labels[index])))
    # as it would have been drawn: the same steps lead back from it
    return np.dstack([np.kron(image, np.ones((10, 10), np.uint8))] * 3 + [np.full((SIDE, SIDE), 255, np.uint8)])
