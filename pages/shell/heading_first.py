"""A moment for the browser to draw the heading of a visit's first page."""

import time

import streamlit as st

SECONDS = 0.03
_DRAWN = "heading.drawn"


def heading_first() -> None:
    """Wait once in a visit, after the heading: the browser would draw it in one piece with what follows at once."""
    if _DRAWN not in st.session_state:
        st.session_state[_DRAWN] = True
        time.sleep(SECONDS)
