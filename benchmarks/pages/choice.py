"""A choice among as many options as there are presets, and a text that shows it."""

import streamlit as st

chosen = st.pills("choice", range(6), default=0, required=True, key="choice")
st.write(f"chosen: {chosen}")
