"""Mistakes: the misclassified digits themselves, one of them opened, and labels that may be wrong."""

import streamlit as st

from core.words import say
from pages.parts.digit_images import digit_images
from pages.parts.digit_table import digit_table
from pages.parts.first_digits import first_digits
from pages.parts.looking import bound, look
from pages.parts.mistakes_sheet import mistakes_sheet
from pages.parts.page_head import page_head
from pages.parts.run_head import run_head
from pages.parts.suspected_labels import suspected_labels

SHOWS = {
    "mistakes": mistakes_sheet,
    "labels": suspected_labels,
    "table": digit_table,
    "first": first_digits,
}


def page() -> None:
    page_head(say("pages.mistakes"), say("mistakes.what"))
    view = look("mistakes")
    looked = run_head(view)
    if looked is None:
        return
    st.segmented_control(
        say("mistakes.show"),
        list(SHOWS),
        format_func=lambda name: say(f"mistakes.shows.{name}"),
        required=True,
        label_visibility="collapsed",
        **bound("show", view.show, first="default", then=lambda name: {"show": name, "page": 1, "digit": None}),
    )
    SHOWS[view.show](looked, view, digit_images(looked))


page()
