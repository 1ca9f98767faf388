"""The source of a digit: drawn, uploaded, or from a test set."""

import numpy as np
import streamlit as st

from core.config.datasets import dataset_title
from core.data import datasets
from core.drawing.pictures import LARGEST_FILE, UnreadablePicture, read_picture
from core.text import say
from pages.draw.canvas import digit_canvas
from pages.draw.cropping import cropped
from pages.draw.view import DrawView
from pages.shared.shown_digits import ready_digits
from pages.state.drawing import SIDE, UPLOAD, Rgba, crop, drawing
from pages.state.plain_text import plain_text
from pages.state.server_state import dataset
from pages.state.url_state import change
from pages.state.visitor import cookie_note
from pages.widgets.digit_picture import one_digit
from pages.widgets.note import note
from pages.widgets.switch import switch


def drawing_source(view: DrawView) -> Rgba | None:
    """Pick a source; returns its picture, uint8 (H, W, 4), or None while there is none."""
    switch(
        "source", view.source, ["draw", "upload", "test"], say("draw.source"), lambda name: say(f"draw.sources.{name}")
    )
    if view.source == "upload":
        return _uploaded()
    return _test_digit(view) if view.source == "test" else digit_canvas(drawing())


def _uploaded() -> Rgba | None:
    cookie_note()
    st.file_uploader(
        say("draw.upload"),
        # any type: the content decides, and our own error says how to export a picture that cannot be read
        type=None,
        key="draw.file",
        help=say("draw.upload_help"),
        max_upload_size=LARGEST_FILE // 1_000_000,
        on_change=_read,
    )
    uploaded, problem = st.session_state.get(UPLOAD, (None, None))
    if problem:
        st.warning(plain_text(problem), icon=":material/broken_image:")
    return None if uploaded is None else cropped(uploaded)


def _read() -> None:
    """Read the file once and keep the picture across pages."""
    if "draw.file" not in st.session_state:
        return
    file = st.session_state["draw.file"]
    crop().clear()
    try:
        st.session_state[UPLOAD] = None if file is None else read_picture(file.getvalue()), None
    except UnreadablePicture as error:
        st.session_state[UPLOAD] = None, error.message


def _test_digit(view: DrawView) -> Rgba | None:
    data = ready_digits()
    if data is None:
        return None
    count = len(data.test_images)
    index = min(view.index, count - 1)
    if index != view.index:
        note(say("mistakes.no_digit", wanted=view.index, last=index))
    st.button(
        say("draw.another"),
        key="draw.another",
        icon=":material/casino:",
        on_click=lambda: change(index=int(np.random.default_rng().integers(count))),
    )
    image = data.test_images[index]
    one_digit("draw.test_digit", image, size=SIDE, alt=say("opened.alt", label=int(data.test_labels[index])))
    name = say(dataset_title(data.name))
    st.caption(say("draw.test_digit", index=index, name=name, label=int(data.test_labels[index])))
    # as a drawing of it would look, so that the same preprocessing applies
    return np.dstack([np.kron(image, np.ones((10, 10), np.uint8))] * 3 + [np.full((SIDE, SIDE), 255, np.uint8)])


def tested_digits(view: DrawView) -> datasets.Dataset | None:
    """The data set if the view shows one of its test digits: MNIST if it is ready, else its sample if that is."""
    return (dataset("mnist") or dataset("mnist-5k")) if view.source == "test" else None
