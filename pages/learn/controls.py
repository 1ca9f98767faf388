"""A lesson's controls in one row, each with its label to the left."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


def controls() -> st.delta_generator.DeltaGenerator:
    """A row for labeled controls."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


@contextmanager
def labeled(label: str) -> Iterator[None]:
    """Draw a control, whose own label is invisible, behind this label, so that the row needs no second line."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        st.markdown(label, width="content")
        yield
