"""Buttons that go one step back or forward in a lesson."""

import streamlit as st

from core.text import say
from pages.state.shortcuts import NEXT_STEP, PREVIOUS_STEP
from pages.state.url_state import change


def step_buttons(step: int, first: int, last: int, text: str) -> None:
    """Draw the buttons and a text on the current step; a click sets the link's step."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, icon, target, shortcut in (
            ("back", "skip_previous", step - 1, PREVIOUS_STEP),
            ("forward", "skip_next", step + 1, NEXT_STEP),
        ):
            st.button(
                say(f"player.{name}"),
                key=f"lessons.{name}",
                icon=f":material/{icon}:",
                disabled=not first <= target <= last,
                shortcut=shortcut,
                on_click=change,
                kwargs={"step": target},
            )
        st.markdown(text)
