"""The menu of pages, and the addresses that are not in it."""

from functools import partial

import streamlit as st
from streamlit.navigation.page import Page

from core.text import say
from pages.shell.moved_address import moved_address
from pages.state.language import settle_language
from pages.state.page_links import MENU, MOVED, PAGE_FILES


def navigation() -> Page:
    """Build the menu and return the page to run. Called from app.py."""
    pages = [
        # without icons: a browser would fetch the selected page's icon from Google's servers
        st.Page(
            file,
            title=say(f"pages.{name}"),
            url_path=name,
            default=name == "train",
            visibility="visible" if name in MENU else "hidden",
        )
        for name, file in PAGE_FILES.items()
    ]
    moved = [
        st.Page(
            partial(moved_address, name),
            title=say(f"pages.{address}"),
            url_path=name,
            visibility="hidden",
        )
        for name, (address, _) in MOVED.items()
    ]
    return st.navigation([*pages, *moved], position="top")


def go_through_app() -> None:
    """Build the menu and let app.py run the page of this address. Called from the stub of an address."""
    settle_language()
    navigation()
    st.rerun()
