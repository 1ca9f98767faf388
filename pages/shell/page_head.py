"""The head of every page: its title, and its purpose in one sentence."""

import streamlit as st

# Streamlit's wide margins above and below a page would take a chart's place on a projector
_CLOSE_TO_THE_TOP = "<style>.stMainBlockContainer {padding-top: 4rem; padding-bottom: 1.5rem}</style>"


def page_head(title: str, sentence: str) -> None:
    """Draw title and sentence in one line, or in two on a phone."""
    st.html(_CLOSE_TO_THE_TOP)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title(title, anchor=False, width="content")
        st.caption(sentence, width="stretch")
