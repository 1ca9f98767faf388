"""A chart that is as tall as the window leaves room for, so that a projector's screen is used."""

import plotly.graph_objects as go
import streamlit as st

from core.charts.frame import picture_config
from pages.widgets.chart import lettered

# Streamlit takes a container's height in pixels only, and gives it to the element around the container
_TALL = (
    "<style>:has(> .st-key-tall-{key}) "
    "{{flex-basis: max(13rem, min(100vh - {above}rem + var(--freed, 0rem), 75vw)) !important}}</style>"
)


def tall_chart(key: str, figure: go.Figure, *, above: float, alt: str) -> None:
    """Draw the chart; `above` is the height in rem of what stands above and below it in the window."""
    with st.container(key=f"style.{key}"):
        st.html(_TALL.format(key=key, above=above))
    with st.container(key=f"tall-{key}", height=int(figure.layout.height), border=False):
        st.plotly_chart(lettered(figure), key=f"learn.{key}", height="stretch", config=picture_config(key), alt=alt)
