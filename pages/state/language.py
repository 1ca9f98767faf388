"""The visitor's language: the one of the address or chosen by hand, else the browser's."""

import logging

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.text import ENGLISH, install, language, languages, one_line, speak
from core.text.reader import language_for

PARAMETER = "lang"
_CHOSEN, _SPOKEN, _PAGE, _LABELED = "language.chosen", "language.spoken", "language.page", "language.labeled"
_log = logging.getLogger(__name__)


def settle_language() -> None:
    """Word this run of the page in the visitor's language; call before anything is worded."""
    install(_session_language)
    linked = st.query_params.get(PARAMETER)
    if linked in languages():
        st.session_state[_CHOSEN] = linked
    _use(st.session_state.get(_CHOSEN) or language_for(st.context.locale) or ENGLISH)


def choose_language(tag: str) -> None:
    """Use this language from now on, and put it into the address; call from a callback."""
    st.session_state[_CHOSEN] = st.query_params[PARAMETER] = tag
    _carry_choices(language(), tag)
    _use(tag)


def chosen_language() -> dict[str, str]:
    """The parameter of links that says which language was chosen; empty if the browser's is used."""
    chosen = st.session_state.get(_CHOSEN)
    return {PARAMETER: chosen} if chosen else {}


def keep_language(here: str) -> None:
    """Put a chosen language into the address of a page that the menu opened, so that loading it again keeps it.

    A language that there is not leaves the address.
    """
    linked = st.query_params.get(PARAMETER)
    if linked is not None and linked not in languages():
        _log.warning("no language %s; the browser's is used", one_line(linked[:40]))
        del st.query_params[PARAMETER]
    came = st.session_state.get(_PAGE) != here
    st.session_state[_PAGE] = here
    if came and PARAMETER not in st.query_params:
        st.query_params.update(chosen_language())


def key_for_labels(key: str) -> str:
    """A widget's key, another one in each language: the browser keeps and sends what is chosen by its label.

    What is chosen stays when the language changes.
    """
    st.session_state.setdefault(_LABELED, set()).add(key)
    return _key_in(key, language())


def _key_in(key: str, tag: str) -> str:
    return key if tag == ENGLISH else f"{key}.{tag}"


def _carry_choices(before: str, after: str) -> None:
    """Choose in the widgets of one language what is chosen in those of another."""
    for key in st.session_state.get(_LABELED, ()) if before != after else ():
        if (old := _key_in(key, before)) in st.session_state:
            st.session_state[_key_in(key, after)] = st.session_state[old]


def _use(tag: str) -> None:
    st.session_state[_SPOKEN] = tag
    speak(tag)


def _session_language() -> str | None:
    """The session's language in the thread of a fragment's rerun or a callback, which begins without one."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    tag: str | None = st.session_state.get(_SPOKEN)
    if tag:
        # such a thread is of one session
        speak(tag)
    return tag
