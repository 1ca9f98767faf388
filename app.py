"""Digit Lab: `streamlit run app.py`, which runs this file once to make the server and then at each visit and click."""

import streamlit as st
from starlette.middleware import Middleware

from core.server.document import DocumentHead
from pages.shell.document_head import document_head

if not st.runtime.exists():
    app = st.App(__file__, middleware=[Middleware(DocumentHead, **document_head())])
else:
    # not before the server runs, to which the pages register their components
    from core.text import say
    from pages.data.view import DataView
    from pages.draw.view import DrawView
    from pages.learn.view import LearnView
    from pages.run.curves.view import CurvesView
    from pages.run.inside.view import InsideView
    from pages.run.mistakes.view import MistakesView
    from pages.run.results.view import ResultsView
    from pages.run.settings.view import SettingsView
    from pages.runs.view import RunsView
    from pages.shell.frame_style import frame_style
    from pages.shell.help_names import help_names
    from pages.shell.mark import mark
    from pages.shell.navigation import navigation
    from pages.shell.running_job import running_job
    from pages.shell.share import share
    from pages.shell.streamlit_words import streamlit_words
    from pages.shell.top_buttons import top_buttons
    from pages.state.language import keep_language, settle_language
    from pages.state.page_links import switch_page
    from pages.state.server_state import settle_memory
    from pages.state.visitor import visitor
    from pages.sweep.view import SweepView

    VIEWS = (
        *(RunsView, DrawView, LearnView, DataView, SweepView),
        *(CurvesView, ResultsView, MistakesView, InsideView, SettingsView),
    )

    settle_language()
    page = navigation()
    st.set_page_config(page_title=say("app.browser_title", name=page.title), page_icon="static/icon.png", layout="wide")
    mark()
    frame_style()
    help_names()
    streamlit_words()
    visitor()
    switch_page(VIEWS, page.url_path)
    keep_language(page.url_path)
    running_job()
    place_of_share = top_buttons()
    page.run()
    share(place_of_share, page.url_path or "train")
    settle_memory()
