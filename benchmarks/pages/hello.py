"""The least page there is."""

import streamlit as st

st.write("hello")
