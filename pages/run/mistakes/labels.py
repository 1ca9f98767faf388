"""Labels that may be wrong: of the evaluated digits, and of the training digits after a cross-validation."""

import pandas as pd
import streamlit as st

from core.analysis.label_quality import suspected, suspects_csv
from core.errors import UnreadableRun
from core.text import clause, say
from pages.run.mistakes.cross_validation import cross_validation
from pages.run.mistakes.sheet import FROM_START, sheet_and_opened
from pages.run.mistakes.shown import Shown
from pages.run.mistakes.view import MistakesView
from pages.shared.digit_images import training_images
from pages.state.plain_text import plain_text
from pages.state.server_state import out_of_sample
from pages.widgets.switch import switch

DIGITS = ("evaluated", "training")


def suspected_labels(shown: Shown, view: MistakesView) -> None:
    """The digits whose label the network doubts most, of the part of the data that the link names."""
    part = shown.looked.part
    head = st.container(horizontal=True, vertical_alignment="center", key="labels.head")
    with head:
        switch(
            "labels_of",
            view.labels_of,
            DIGITS,
            say("labels.of"),
            lambda name: say(f"looking.part.{part}") if name == "evaluated" else say("labels.training"),
            also=FROM_START,
        )
    found = _training(shown) if view.labels_of == "training" else shown
    if found is None:
        return
    suspects = suspected(found.answers)
    with head:
        _count(found, suspects)
    sheet_and_opened(found, view, suspects.index.to_numpy())


def _training(shown: Shown) -> Shown | None:
    """The training digits with their out-of-sample predictions; None, with the way to get them, if there are none."""
    looked = shown.looked
    try:
        result = out_of_sample(looked.run)
    except UnreadableRun as error:
        st.warning(say("cross_validation.unreadable", reason=plain_text(clause(error.message))))
        result = None
    if result is None:
        cross_validation(looked.run)
        return None
    images = training_images(looked.run.manifest.config, result.answers)
    return Shown(looked, result.answers, images, training=True)


def _count(shown: Shown, suspects: pd.DataFrame) -> None:
    counts = {"count": f"{len(suspects):,}", "of": f"{len(shown.answers):,}"}
    explained = say("labels.help_training" if shown.training else "labels.help")
    st.markdown(say("labels.found", **counts), help=explained, width="content")
    run, part = shown.looked.run, "training" if shown.training else shown.looked.part
    st.download_button(
        say("labels.download"),
        lambda: suspects_csv(suspects, shown.answers),
        file_name=f"{run.id}-{part}-suspected-labels.csv",
        mime="text/csv",
        key="labels.download",
        icon=":material/download:",
        on_click="ignore",
        type="tertiary",
        disabled=suspects.empty,
    )
