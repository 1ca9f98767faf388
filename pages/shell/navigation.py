"""The menu of pages."""

import streamlit as st
from streamlit.navigation.page import Page

from core.text import say
from pages.state.page_links import PAGE_FILES


def navigation() -> Page:
    """Build the menu and return the page to run. Called from app.py."""
    return st.navigation(
        # without icons: a browser would fetch the selected page's icon from Google's servers
        [
            st.Page(file, title=say(f"pages.{name}"), url_path=name, default=name == "train")
            for name, file in PAGE_FILES.items()
        ],
        position="top",
    )


def go_through_app() -> None:
    """Build the menu and let app.py run the page of this address. Called from the stub of an address."""
    navigation()
    st.rerun()
