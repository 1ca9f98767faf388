"""The pages there are, and the way to them."""

import streamlit as st
from streamlit.navigation.page import Page

from core.text import say
from pages.state.page_links import PAGE_FILES


def navigation() -> Page:
    """The menu; returns the page to run. Call from app.py."""
    return st.navigation(
        # without icons, since a browser would fetch the chosen page's from Google's servers
        [
            st.Page(file, title=say(f"pages.{name}"), url_path=name, default=name == "train")
            for name, file in PAGE_FILES.items()
        ],
        position="top",
    )


def go_through_app() -> None:
    """Build the menu, and have app.py run the page that this address names; call from the stub of an address."""
    navigation()
    st.rerun()
