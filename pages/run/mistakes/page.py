"""Mistakes: the misclassified digits, one of them opened, and labels that may be wrong."""

import streamlit as st

from core.text import say
from pages.run.mistakes.sheet import first_digits, mistakes_sheet, suspected_labels
from pages.run.mistakes.table import digit_table
from pages.run.mistakes.view import MistakesView
from pages.shared.digit_images import digit_images
from pages.shared.run_header import run_head
from pages.shell.page_head import page_head
from pages.state.url_state import bound, look

SHOWS = {
    "mistakes": mistakes_sheet,
    "labels": suspected_labels,
    "table": digit_table,
    "first": first_digits,
}


def page() -> None:
    page_head(say("pages.mistakes"), say("mistakes.what"))
    view = look(MistakesView)
    looked = run_head(view)
    if looked is None:
        return
    st.segmented_control(
        say("mistakes.show"),
        list(SHOWS),
        format_func=lambda name: say(f"mistakes.shows.{name}"),
        required=True,
        label_visibility="collapsed",
        **bound("show", view.show, first="default", also={"page": 1, "digit": None}),
    )
    SHOWS[view.show](looked, view, digit_images(looked))


page()
