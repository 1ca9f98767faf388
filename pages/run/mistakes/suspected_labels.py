"""Digits whose given label the network doubts most."""

import streamlit as st

from core.analysis.answers import Bytes
from core.analysis.label_quality import suspected
from core.text import say
from pages.run.mistakes.opened_digit import sheet_and_opened
from pages.run.mistakes.view import MistakesView
from pages.shared.run_header import Looked


def suspected_labels(looked: Looked, view: MistakesView, images: Bytes | None) -> None:
    """Model wrong, or label wrong? A person is to judge."""
    found = suspected(looked.answers)
    st.markdown(f"**{say('labels.question')}**", help=say("labels.help"))
    st.caption(say("labels.found", count=f"{len(found):,}", of=f"{len(looked.answers):,}"))
    sheet_and_opened(looked, view, images, found.index.to_numpy())
