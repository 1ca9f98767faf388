"""One chart by st.plotly_chart with as many points as a short run has."""

import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Scatter(x=list(range(100)), y=[1 / (x + 1) for x in range(100)])), key="chart")
