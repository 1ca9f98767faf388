"""The way from a number on one page to what is behind it on another."""

from typing import Any

import streamlit as st

from pages.parts.looking import change

_KEY = "way.to"


def go(page: str, **changes: Any) -> None:
    """Go to a page and look there at something else; call from a callback."""
    change(**changes)
    st.session_state[_KEY] = page


def follow_way() -> None:
    """Go where a callback wants to go."""
    page = st.session_state.pop(_KEY, None)
    if page is not None:
        st.switch_page(f"pages/{page}.py")
