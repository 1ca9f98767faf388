"""Texts that screen readers speak when they change, without moving the focus."""

import streamlit as st

from pages.widgets.browser_script import loader

_mount = st.components.v2.component("announcer", html="<i hidden></i>", js=loader("announcer"))


def announce(place: str, text: str, *, pause: float = 0) -> None:
    """Have screen readers speak the text of this place on the page whenever it changes, but not as the page opens.

    An empty text is not spoken. After a text, the next one waits `pause` seconds; only the latest is then spoken.
    """
    _mount(key=f"announcement.{place}", data={"place": place, "text": text, "pause": pause})
