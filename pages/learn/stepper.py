"""Buttons that go one step back or forward in a lesson."""

import streamlit as st

from pages.state.shortcuts import NEXT_STEP, PREVIOUS_STEP
from pages.state.url_state import change
from pages.widgets.turn_buttons import turn_buttons


def step_buttons(step: int, first: int, last: int, text: str) -> None:
    """Draw the buttons and a text on the current step; a click sets the link's step."""
    with st.container(horizontal=True, vertical_alignment="center"):
        turn_buttons(
            ("player.previous", "player.next"),
            step,
            range(first, last + 1),
            lambda chosen: change(step=chosen),
            shortcuts=(PREVIOUS_STEP, NEXT_STEP),
            icons=("skip_previous", "skip_next"),
        )
        st.markdown(text)
