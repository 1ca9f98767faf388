"""A line about what a part of a page cannot show, with what can be done about it beside it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def note(text: str, *, icon: str = "info") -> DeltaGenerator:
    """Draw the line; returns its row, for a button or a link that helps. `icon` is the name of a symbol."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    row.markdown(f":orange[:material/{icon}:] {text}", width="content")
    return row
