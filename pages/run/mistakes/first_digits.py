"""The first predictions with their captions, as the tutorials print them."""

import numpy as np
import streamlit as st

from core.analysis.answers import Bytes
from core.text import say
from pages.run.mistakes.opened_digit import sheet_and_opened
from pages.run.mistakes.view import MistakesView
from pages.shared.run_header import Looked
from pages.state.url_state import bound


def first_digits(looked: Looked, view: MistakesView, images: Bytes | None) -> None:
    """The first 10 or 25."""
    st.segmented_control(
        say("first.count"),
        ["10", "25"],
        required=True,
        **bound("first", view.first, first="default", then=lambda value: {"first": value, "digit": None}),
    )
    sheet_and_opened(looked, view, images, np.arange(min(int(view.first), len(looked.answers))))
