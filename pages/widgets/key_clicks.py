"""Keys that click something to which Streamlit gives no shortcut."""

from collections.abc import Mapping

import streamlit as st

from pages.widgets.browser_script import loader

_mount = st.components.v2.component("key_clicks", html="<i hidden></i>", js=loader("key_clicks"))


def key_clicks(key: str, clicks: Mapping[str, str]) -> None:
    """Let each key, by its name in a browser, click the first element of a CSS selector.

    Not while a person types, or a dialog or menu is open, which has keys of its own.
    """
    with st.container(key=f"{key}.room", height="content"):
        _mount(key=key, data=dict(clicks), height=0)
