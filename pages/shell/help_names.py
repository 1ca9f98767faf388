"""Names for the help buttons, which Streamlit gives one and the same name."""

import streamlit as st

from core.text import say
from pages.widgets.browser_script import loader

_mount = st.components.v2.component("help_names", html="<i hidden></i>", js=loader("help_names"))


def help_names() -> None:
    """Name each button with a "?" after what it explains, so that screen readers can tell them apart."""
    _mount(key="help.names", data={"name": say("app.help_name", about="{about}")})
