"""Results: how well a run reads, after any epoch, and which digits are behind each number."""

import streamlit as st

from core.words import say
from pages.parts.calibration import calibration
from pages.parts.class_table import class_table
from pages.parts.confusion import confusion
from pages.parts.downloads import downloads
from pages.parts.learning_history import learning_history
from pages.parts.looking import bound, look
from pages.parts.page_head import page_head
from pages.parts.result_cards import result_cards
from pages.parts.run_head import run_head

SECTIONS = {"classes": class_table, "calibration": calibration, "epochs": learning_history}


def page() -> None:
    page_head(say("pages.results"), say("results.what"))
    view = look("results")
    looked = run_head(view)
    if looked is None:
        return
    result_cards(looked)
    confusion(looked, view)
    left, right = st.columns([4, 1])
    left.segmented_control(
        say("results.section"),
        list(SECTIONS),
        format_func=lambda name: say(f"results.sections.{name}"),
        required=True,
        label_visibility="collapsed",
        **bound("section", view.section, first="default"),
    )
    with right.container(horizontal_alignment="right"):
        downloads(looked)
    SECTIONS[view.section](looked)


page()
