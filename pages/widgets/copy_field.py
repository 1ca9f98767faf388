"""A text with a button that copies it, which works without HTTPS too."""

import streamlit as st

from pages.widgets.browser_script import loader

_HTML = '<div class="copy"><input readonly><button type="button"></button><span role="status"></span></div>'
_mount = st.components.v2.component("copy_field", html=_HTML, js=loader("copy_field"))


def copy_field(key: str, text: str, *, label: str, copy: str, copied: str, by_hand: str) -> None:
    """Draw the text in a field with this label, and the button; it says `copied`, or `by_hand` if it may not copy."""
    _mount(key=key, data={"text": text, "label": label, "copy": copy, "copied": copied, "by_hand": by_hand})
