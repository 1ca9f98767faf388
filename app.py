"""Digit Lab: `streamlit run app.py`."""

import streamlit as st

from core.words import say
from pages.parts.resources import settle_memory

st.set_page_config(page_title=say("app.title"), page_icon="static/icon.png", layout="wide")
st.navigation(
    [st.Page("pages/train.py", title=say("train.title"), icon=":material/model_training:", default=True)]
).run()
settle_memory()
