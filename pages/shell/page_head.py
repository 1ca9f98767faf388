"""The head of every page: its title, and its purpose in one sentence."""

import streamlit as st


def page_head(title: str, sentence: str) -> None:
    """Draw title and sentence in one line, or in two on a phone."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="page.head"):
        st.title(title, anchor=False, width="content")
        st.caption(sentence, width="stretch")
