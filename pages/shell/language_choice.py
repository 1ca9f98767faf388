"""The choice of a language, each named in itself."""

import streamlit as st

from core.text import language, languages, say
from pages.state.language import choose_language


def language_choice() -> None:
    """Draw the button that opens it."""
    names, now = languages(), language()
    # a key for each language, so that the choice begins with the one that is used, whatever it showed before
    key = f"language.{now}"
    with st.popover(say("language.button"), key="top.language", icon=":material/translate:", type="tertiary"):
        st.radio(
            say("language.button"),
            list(names),
            index=list(names).index(now),
            format_func=names.__getitem__,
            label_visibility="collapsed",
            key=key,
            on_change=_choose,
            args=(key,),
        )


def _choose(key: str) -> None:
    if key in st.session_state:
        choose_language(st.session_state[key])
