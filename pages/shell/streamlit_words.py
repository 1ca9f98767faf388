"""What Streamlit itself says, which is English in every language, and the language of the document."""

import streamlit as st

from core.text import ENGLISH, catalogue, language, say
from pages.widgets.browser_script import loader

_WORDS = (
    *("add_files", "app_pages", "apply", "choose", "choose_some", "clear", "clear_all", "clear_entry"),
    *("close", "close_fullscreen", "copy", "dark", "decrement", "dialog", "download_png", "drop_file"),
    *("drop_files", "file_upload", "fullscreen", "heading_link", "help_for", "home", "icon"),
    *("image_saved", "image_waited", "increment", "light", "loading", "logo", "made_with", "menu"),
    *("most_chosen", "next_page", "no_page", "no_page_told", "no_results", "notifications", "open", "page"),
    *("pagination", "per_file", "press_area", "press_enter", "previous_page", "print", "progress", "record"),
    *("remove", "reset_axes", "running", "select_all", "selected", "settings", "shortcut", "skip"),
    *("system", "tabs_left", "tabs_right", "theme", "too_high", "too_low", "upload", "zoom_out"),
)
"""The names of the texts whose English is, letter for letter, what Streamlit has."""
_mount = st.components.v2.component("streamlit_words", html="<i hidden></i>", js=loader("streamlit_words"))


def streamlit_words() -> None:
    """Have the browser replace them by ours."""
    english = catalogue(ENGLISH)
    words = {} if language() == ENGLISH else {english[f"streamlit.{name}"]: say(f"streamlit.{name}") for name in _WORDS}
    _mount(key="streamlit.words", data={"lang": language(), "words": words})
