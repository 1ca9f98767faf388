"""The colors of the visitor's theme."""

import streamlit as st

from core.charts.palette import Palette, palette


def colors() -> Palette:
    """The palette for charts and bars."""
    return palette(st.context.theme.type or "light")
