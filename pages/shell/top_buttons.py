"""The buttons at the end of the top bar: presentation view, keyboard, language, and a place for Share."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.text import say
from pages.shell.keyboard import keyboard
from pages.shell.language_choice import language_choice
from pages.state.presentation import presenting, turn_presentation
from pages.state.shortcuts import KEYBOARD, PRESENT
from pages.widgets.key_clicks import key_clicks


def top_buttons() -> DeltaGenerator:
    """Draw them; returns the place for Share, which must know the address that the page is about to set."""
    on = presenting()
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="top.buttons"):
        st.button(
            say("present.end" if on else "present.begin"),
            key="top.present",
            icon=":material/close_fullscreen:" if on else ":material/present_to_all:",
            type="tertiary",
            shortcut=PRESENT,
            on_click=turn_presentation,
        )
        if on:
            key_clicks("top.leave", {"Escape": ".st-key-top-present button"})
        if st.button(
            say("keyboard.button"),
            key="top.keyboard",
            icon=":material/keyboard:",
            type="tertiary",
            shortcut=KEYBOARD,
        ):
            keyboard()
        language_choice()
        return st.container(width="content")
