"""The tabs of a run's page."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.text import say
from pages.state.url_state import bound
from pages.state.view import View


def tab_bar(tabs: Sequence[type[View]], opened: type[View]) -> DeltaGenerator:
    """Draw a tab for each view; returns the room of the open one."""
    labels = {say(f"run_page.tabs.{tab.tab}"): tab for tab in tabs}
    names = list(labels)
    shown = names[tabs.index(opened)]
    rooms = st.tabs(names, **bound("tab", shown, first="default", then=lambda _: {}, opens=labels.__getitem__))
    return rooms[names.index(shown)]
