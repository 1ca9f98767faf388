"""What a link asks for and this page cannot show, in one alert at the top of the page."""

from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.text import say, sentences

MOST = 3
"""Sentences shown; of further ones, their number."""
_KEY = "link_problems"


@dataclass(slots=True)
class _Alert:
    """The alert's place on the page, and its sentences in the order in which they were found."""

    place: DeltaGenerator
    sentences: list[str] = field(default_factory=list)


def place_link_problems() -> None:
    """Reserve the alert's place here, without sentences; a page calls it before any `link_problem`."""
    st.session_state[_KEY] = _Alert(st.empty())


def link_problem(sentence: str) -> None:
    """Add a sentence to the alert; not for fragments, whose reruns cannot take it back."""
    alert: _Alert = st.session_state[_KEY]
    if sentence not in alert.sentences:
        alert.sentences.append(sentence)
        more = len(alert.sentences) - MOST
        shown = [*alert.sentences[:MOST], *([say("view.more", count=more)] if more > 0 else [])]
        alert.place.warning(sentences(shown), icon=":material/link_off:")
