"""Results: how well a run classifies after any epoch, and the digits behind each number."""

import streamlit as st

from core.runs.entries import Run
from core.text import say
from pages.run.results.calibration import calibration
from pages.run.results.cards import result_cards
from pages.run.results.class_table import class_table
from pages.run.results.confusion import confusion
from pages.run.results.downloads import downloads
from pages.run.results.learning_history import learning_history
from pages.run.results.view import ResultsView
from pages.shared.known_classes import known_classes
from pages.shared.run_header import Head, looked_at
from pages.widgets.switch import switch

SECTIONS = {"classes": class_table, "calibration": calibration, "epochs": learning_history}


def results(run: Run, view: ResultsView, head: Head) -> None:
    looked = looked_at(run, view, head)
    if looked is None:
        return
    view = known_classes(view, len(looked.classes), "true", "predicted")
    result_cards(looked)
    confusion(looked, view)
    left, right = st.columns([4, 1])
    with left:
        switch(
            "section",
            view.section,
            list(SECTIONS),
            say("results.section"),
            lambda name: say(f"results.sections.{name}"),
        )
    with right.container(horizontal_alignment="right"):
        downloads(looked)
    SECTIONS[view.section](looked)
