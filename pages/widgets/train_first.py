"""A note on a page that has nothing to show before a network is trained."""

import streamlit as st

from core.text import say
from pages.state.page_links import page_link


def train_first(text: str) -> None:
    """Draw the note in one line with the way to Train."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.info(text, icon=":material/search_off:", width="stretch")
        page_link("train", say("train.go"), icon="play_arrow")
