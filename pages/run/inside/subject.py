"""The digit that goes through the network: one of a data set, a mistake of the run, or the last drawing."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.array_types import Floats, Indices
from core.config.datasets import DataDescription
from core.data import datasets
from core.data.form import Form
from core.drawing.pictures import LARGEST_FILE, UnreadablePicture, read_picture
from core.drawing.to_mnist import to_mnist
from core.errors import EmptyDrawing, UnreadableRun
from core.runs.entries import Run
from core.text import say
from pages.run.inside.view import InsideView
from pages.shared.shown_digits import ShownDigits, shown_digits
from pages.state.drawing import latest_picture
from pages.state.link_problems import link_problem
from pages.state.page_links import page_link
from pages.state.plain_text import literal, plain_text
from pages.state.server_state import answers
from pages.state.shortcuts import NEXT_MISTAKE, PREVIOUS_MISTAKE
from pages.state.url_state import change
from pages.widgets.digit_pickers import digit_pickers
from pages.widgets.digit_picture import one_digit
from pages.widgets.switch import switch
from pages.widgets.turn_buttons import turn_buttons

_SIDE = 140


@dataclass(frozen=True, eq=False)
class Subject:
    """An image, float32 in 0..1, a digit's ink bright; its label and index, if it is from a data set."""

    image: Floats
    label: int | None = None
    index: int | None = None


def subject(run: Run, epoch: int, view: InsideView) -> Subject | None:
    """Draw the pickers and return the digit; None, with a note, if there is none yet."""
    subjects = ["test", "mistake", "drawing"]
    data = run.manifest.config.data
    drawn_on = data.takes_drawings

    def name_of(source: str) -> str:
        return say(f"inside.subjects.{source}") if source != "drawing" or drawn_on else say("inside.picture")

    switch("subject", view.subject, subjects, say("inside.subject"), name_of)
    if view.subject == "drawing":
        drawn = _drawing() if drawn_on else _picture(data)
        if drawn is not None:
            return drawn
    digits = shown_digits(run)
    if digits is None:
        return None
    if view.subject == "mistake":
        wrong = _mistakes(run, epoch, digits.data)
        if wrong is not None and len(wrong):
            return _shown(digits, _mistake(wrong, view))
        if wrong is not None:
            st.caption(say("inside.no_mistakes"))
        else:
            st.caption(say("inside.unknown_mistakes" if digits.own else "inside.no_pictures"))
    return _shown(digits, _chosen(digits.data, view))


def _drawing() -> Subject | None:
    rgba = latest_picture()
    try:
        digit = None if rgba is None else to_mnist(rgba)
    except EmptyDrawing:
        digit = None
    if digit is None:
        st.caption(say("inside.no_drawing"))
    else:
        one_digit("inside.digit", np.round(digit * 255).astype(np.uint8), size=_SIDE, alt=say("inside.drawing"))
    page_link("draw", say("inside.draw"), icon="draw")
    return None if digit is None else Subject(digit)


def _picture(data: DataDescription) -> Subject | None:
    """A picture of the visitor's, brought into the form of the data's images."""
    file = st.file_uploader(
        say("inside.upload"),
        # any type: the content decides, and our own error says what can be read
        type=None,
        key="inside.file",
        help=say(f"inside.upload_help.{data.mode}", shape="×".join(map(str, data.shape[:2]))),
        max_upload_size=LARGEST_FILE // 1_000_000,
    )
    if file is None:
        st.caption(say("inside.no_picture"))
        return None
    try:
        rgba = read_picture(file.getvalue())
    except UnreadablePicture as error:
        st.warning(plain_text(error.message), icon=":material/broken_image:")
        return None
    share = rgba[..., 3:] / np.float32(255)
    # what is transparent counts as white
    solid = np.round(rgba[..., :3] * share + 255 * (1 - share)).astype(np.uint8)
    image = Form.of(data).apply([solid])[0]
    one_digit("inside.digit", image, size=_SIDE, alt=say("inside.picture"), ink=data.is_digits)
    return Subject(image.astype(np.float32) / np.float32(255))


def _shown(digits: ShownDigits, index: int) -> Subject:
    image, label = digits.data.test_images[index], int(digits.data.test_labels[index])
    data = digits.data.description
    name = data.classes[label]
    one_digit("inside.digit", image, size=_SIDE, alt=say("opened.alt", label=name), ink=data.is_digits)
    st.caption(say(f"exposure.is.{digits.exposure}", index=index, label=literal(name)))
    return Subject(image.astype(np.float32) / np.float32(255), label, index)


def _chosen(data: datasets.Dataset, view: InsideView) -> int:
    last = len(data.test_labels) - 1
    wanted = view.digit or 0
    index = min(wanted, last)
    if index != wanted:
        link_problem(say("mistakes.no_digit", wanted=wanted, last=last))
    digit_pickers(data.test_labels, index, data.description.classes)
    return index


def _mistake(wrong: Indices, view: InsideView) -> int:
    """The current one of these mistakes, with buttons to the next and the previous."""
    place = int(np.flatnonzero(wrong == view.digit)[0]) if view.digit in wrong else 0
    if view.digit is not None and view.digit not in wrong:
        st.caption(say("inside.no_mistake", index=view.digit))
    index = int(wrong[place])
    with st.container(horizontal=True, vertical_alignment="center"):
        turn_buttons(
            ("inside.previous_mistake", "inside.next_mistake"),
            place,
            range(len(wrong)),
            lambda chosen: change(digit=int(wrong[chosen])),
            shortcuts=(PREVIOUS_MISTAKE, NEXT_MISTAKE),
            kind="tertiary",
        )
        st.caption(say("inside.mistake_of", place=place + 1, count=f"{len(wrong):,}"))
    return index


def _mistakes(run: Run, epoch: int, data: datasets.Dataset) -> Indices | None:
    """The digits misclassified after this epoch, largest loss first; None without predictions of these digits."""
    try:
        found = answers(run, epoch, "test")
    except UnreadableRun:
        return None
    if not np.array_equal(found.labels, data.test_labels):
        return None
    wrong = np.flatnonzero(found.predicted != found.labels)
    ordered: Indices = wrong[np.argsort(-found.loss[wrong], kind="stable")]
    return ordered
