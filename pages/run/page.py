"""A run: its curves, results, mistakes, what happens inside, its settings and code, each in a tab."""

from typing import Any

import streamlit as st

from core.text import say
from pages.run.curves.tab import curves
from pages.run.curves.view import CurvesView
from pages.run.inside.tab import inside
from pages.run.inside.view import InsideView
from pages.run.mistakes.tab import mistakes
from pages.run.mistakes.view import MistakesView
from pages.run.results.tab import results
from pages.run.results.view import ResultsView
from pages.run.settings.tab import settings
from pages.run.settings.view import SettingsView
from pages.run.tab_bar import tab_bar
from pages.shared.run_header import run_head
from pages.state.url_state import look_at_tab
from pages.state.view import RunView

TABS: dict[type[RunView], Any] = {
    CurvesView: curves,
    ResultsView: results,
    MistakesView: mistakes,
    InsideView: inside,
    SettingsView: settings,
}


def page() -> None:
    view: RunView = look_at_tab(list(TABS))
    head = run_head(view)
    if head is None:
        return
    st.set_page_config(page_title=say("app.browser_title", name=head.run.name))
    with tab_bar(list(TABS), type(view)):
        TABS[type(view)](head.run, view, head)


page()
