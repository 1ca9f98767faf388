"""The tabs of a run's page."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.text import say
from pages.state.address import implied_parameters, kept_parameters
from pages.state.url_state import bound, link_to
from pages.state.view import View
from pages.widgets.browser_script import loader
from pages.widgets.key_clicks import key_clicks

_TAB = '[class*="st-key-view-tab-"] [role="tab"]'
_mount = st.components.v2.component("tab_addresses", html="<i hidden></i>", js=loader("tab_addresses"))


def tab_bar(tabs: Sequence[type[View]], opened: type[View]) -> DeltaGenerator:
    """Draw a tab for each view; returns the room of the open one. Keys 1, 2, … open them too."""
    labels = {say(f"run_page.tabs.{tab.tab}"): tab for tab in tabs}
    names = list(labels)
    shown = names[tabs.index(opened)]
    rooms = st.tabs(names, **bound("tab", shown, first="default", then=lambda _: {}, opens=labels.__getitem__))
    key_clicks("run.keys", {str(place): f"{_TAB}:nth-of-type({place})" for place in range(1, len(tabs) + 1)})
    kept = {**implied_parameters("run"), **kept_parameters()}
    addresses = [f"?{urlencode(kept | link_to(tab))}" for tab in tabs]
    with st.container(key="run.addresses", height="content"):
        _mount(key="run.tab_addresses", data={"selector": _TAB, "addresses": addresses}, height=0)
    return rooms[names.index(shown)]
