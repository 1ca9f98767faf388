"""The pages there are, and the way to them."""

import streamlit as st
from streamlit.navigation.page import Page

from core.text import say
from pages.state.page_links import PAGE_FILES

_CAME_THROUGH_APP = "navigation.app"


def navigation() -> Page:
    """The menu; returns the page to run. Call from app.py."""
    st.session_state[_CAME_THROUGH_APP] = True
    return st.navigation(
        # without icons, since a browser would fetch the chosen page's from Google's servers
        [
            st.Page(file, title=say(f"pages.{name}"), url_path=name, default=name == "train")
            for name, file in PAGE_FILES.items()
        ],
        position="top",
    )


def go_through_app() -> None:
    """Have app.py run this page, where it is not what runs it.

    When a fresh server's first visitor follows a link to a page, Streamlit takes the folder `pages` for its older
    kind of app, and runs the page's file alone until it meets a menu.
    """
    if _CAME_THROUGH_APP not in st.session_state:
        navigation()
        st.rerun()
