"""Sweep: how far a search for the best settings is, what it found, and each of its trials."""

import streamlit as st

from core.errors import DigitLabError
from core.sweeps.folder import Listed
from core.text import say
from pages.shell.page_head import page_head
from pages.state.link_problems import link_problem
from pages.state.plain_text import plain_text
from pages.state.server_state import sweep_trials, sweeps
from pages.state.url_state import look
from pages.sweep.best import best_settings
from pages.sweep.figure import figure
from pages.sweep.follow import follow
from pages.sweep.head import head
from pages.sweep.sweep_list import sweep_list
from pages.sweep.trials import trial_table
from pages.sweep.view import SweepView


def page() -> None:
    view = look(SweepView)
    found = _found(view)
    if found is None:
        page_head(say("pages.sweep"), say("sweep_page.what"))
        sweep_list(sweeps().all())
        return
    st.set_page_config(page_title=say("app.browser_title", name=found.worded_name))
    follow(found)
    _content(found)


def _content(found: Listed) -> None:
    if found.sweep is None:
        head(found, None, [])
        st.error(plain_text(found.problem or found.worded_name), icon=":material/error:")
        return
    try:
        records = sweep_trials(found.folder)
    except DigitLabError as error:
        head(found, found.sweep, [])
        st.error(plain_text(error.message), icon=":material/error:")
        return
    head(found, found.sweep, records)
    drawn, beside = st.columns([13, 7], gap="medium")
    with drawn:
        figure(found, found.sweep, records)
    with beside:
        best_settings(found.sweep, records)
    trial_table(found, found.sweep, records)


def _found(view: SweepView) -> Listed | None:
    if not view.sweep:
        return None
    try:
        return sweeps().find(view.sweep)
    except DigitLabError as error:
        link_problem(plain_text(error.message))
        return None


page()
