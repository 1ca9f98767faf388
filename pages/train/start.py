"""Start, and whether the form is folded into a button while a run trains."""

import time

import streamlit as st

from core.config.run import RunConfig
from core.errors import DigitLabError
from core.runs.beginning import Beginning
from core.runs.entries import Job
from core.text import say
from pages.state.page_links import show_run
from pages.state.plain_text import plain_text
from pages.state.server_state import look, queue
from pages.state.shortcuts import START
from pages.state.visitor import access
from pages.train.form import amount_sentence
from pages.train.form_state import linked_config
from pages.train.tutorial import close, printed_with
from pages.train.tutorial_address import is_linked

DOUBLE_CLICK_SECONDS = 1.0
_FOLDED, _STARTED = "train.folded", "train.started"


def is_folded() -> bool:
    """Whether the form is one button: from Start on, and on arrival while a run trains, until a click unfolds it.

    It does not unfold at the end of a run, which would move the charts. A link with the settings of another run, or to
    the tutorial, unfolds it on arrival.
    """
    here = any(key in st.session_state for key in ("train.unfold", "form.preset"))
    if not here:
        runs, linked = look(), linked_config()
        under_way = [run for run in (*runs.training, *runs.waiting) if not isinstance(run, Job)]
        known = [run.manifest.config for run in under_way]
        st.session_state[_FOLDED] = bool(known) and not is_linked() and (linked is None or linked in known)
    return bool(st.session_state.get(_FOLDED, False))


def unfold_button() -> None:
    """The button that unfolds the form; call in a fragment or the page."""
    if st.button(say("train.unfold"), key="train.unfold", icon=":material/add:"):
        _fold(False)
        st.rerun()


def start_bar(config: RunConfig | None) -> None:
    """Start, how much it trains, and while a run trains the button that folds the form."""
    busy = look().busy
    if config is not None and not busy:
        queue().expect(config)
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        pressed = st.button(
            say("train.enqueue" if busy else "train.start"),
            key="train.start",
            type="primary",
            icon=":material/play_arrow:",
            disabled=config is None,
            shortcut=START,
        )
        # not in a callback, which would get the settings from before the last change
        if pressed and config is not None:
            _start(config)
        st.caption(amount_sentence(config) if config else say("train.fix"), width="stretch")
        if busy:
            st.button(
                say("train.fold"),
                key="train.fold",
                icon=":material/unfold_less:",
                type="tertiary",
                on_click=_fold_page,
            )


def _fold(folded: bool) -> None:
    st.session_state[_FOLDED] = folded


def _fold_page() -> None:
    _fold(True)
    # the form alone cannot give its place to the charts
    st.rerun()


def _start(config: RunConfig) -> None:
    last, when = st.session_state.get(_STARTED, (None, 0.0))
    if config == last and time.monotonic() - when < DOUBLE_CLICK_SECONDS:
        return
    try:
        first = not look().busy
        (run_id,) = access().begin([Beginning(config, printed=printed_with(config))])
    except DigitLabError as error:
        st.toast(plain_text(error.message), icon=":material/error:")
        return
    st.session_state[_STARTED] = (config, time.monotonic())
    _fold(True)
    close()
    if first:
        show_run(run_id)
    # the form is still drawn
    st.rerun()
