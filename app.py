"""Digit Lab: `streamlit run app.py`."""

import streamlit as st

from core.words import say

st.set_page_config(page_title=say("app.title"), page_icon="static/icon.png", layout="wide")
st.navigation(
    [st.Page("pages/train.py", title=say("train.title"), icon=":material/model_training:", default=True)]
).run()
