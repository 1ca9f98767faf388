"""A Plotly chart in a place of its size, which grows with the screen."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.charts.frame import enlarged, picture_config
from pages.state.presentation import presenting

_LETTERS = 1.4
"""How much larger letters are in the presentation view: Plotly wants pixels, and only the browser knows the screen."""


def chart(key: str, figure: go.Figure, *, name: str, alt: str, on_points: Callable[[], None] | None = None) -> None:
    """Draw the figure, named so when it is saved; its place is there before the chart's script is.

    With on_points, points can be clicked, and on_points runs as a callback.
    """
    selecting: dict[str, Any] = {"on_select": on_points, "selection_mode": "points"} if on_points else {}
    with st.container(height=int(figure.layout.height), border=False, key=f"scaled-{name}"):
        st.plotly_chart(lettered(figure), key=key, height="stretch", config=picture_config(name), alt=alt, **selecting)


def lettered(figure: go.Figure) -> go.Figure:
    """The figure, in the presentation view with larger letters."""
    return enlarged(figure, _LETTERS) if presenting() else figure
