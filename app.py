"""Digit Lab: `streamlit run app.py`."""

import streamlit as st

from core.text import say
from pages.data.view import DataView
from pages.draw.view import DrawView
from pages.learn.view import LearnView
from pages.run.inside.view import InsideView
from pages.run.mistakes.view import MistakesView
from pages.run.results.view import ResultsView
from pages.runs.view import RunsView
from pages.shell.navigation import navigation
from pages.shell.running_job import running_job
from pages.state.page_links import switch_page
from pages.state.server_state import settle_memory
from pages.state.visitor import visitor

st.set_page_config(page_title=say("app.title"), page_icon="static/icon.png", layout="wide")
page = navigation()
visitor()
switch_page((RunsView, ResultsView, MistakesView, InsideView, DrawView, DataView, LearnView))
running_job(page.url_path)
page.run()
settle_memory()
