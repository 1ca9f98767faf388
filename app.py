"""Digit Lab: `streamlit run app.py`."""

import streamlit as st

from core.text import say
from pages.shell.navigation import navigation
from pages.shell.running_job import running_job
from pages.state.page_links import follow_way
from pages.state.server_state import settle_memory
from pages.state.visitor import visitor

st.set_page_config(page_title=say("app.title"), page_icon="static/icon.png", layout="wide")
page = navigation()
visitor()
follow_way()
running_job(page.url_path)
page.run()
settle_memory()
