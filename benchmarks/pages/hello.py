"""A minimal page."""

import streamlit as st

st.write("hello")
