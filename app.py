"""Digit Lab: `streamlit run app.py`."""

import streamlit as st

from core.words import say
from pages.parts.navigation import navigation
from pages.parts.resources import settle_memory
from pages.parts.running_job import running_job
from pages.parts.visitor import visitor
from pages.parts.way import follow_way

st.set_page_config(page_title=say("app.title"), page_icon="static/icon.png", layout="wide")
page = navigation()
visitor()
follow_way()
running_job(page.url_path)
page.run()
settle_memory()
