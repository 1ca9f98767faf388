"""The head of every page: what it is, and in one sentence what it is for."""

import streamlit as st

# Streamlit leaves a hand's breadth above and below a page; on a projector that is where a chart should be
_CLOSE_TO_THE_TOP = "<style>.stMainBlockContainer {padding-top: 4rem; padding-bottom: 1.5rem}</style>"


def page_head(title: str, sentence: str) -> None:
    """Title and sentence in one line, on a phone in two."""
    st.html(_CLOSE_TO_THE_TOP)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title(title, anchor=False, width="content")
        st.caption(sentence, width="stretch")
