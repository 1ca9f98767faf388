"""The colors of the theme that this visitor sees."""

import streamlit as st

from core.charts.palette import Palette, palette


def colors() -> Palette:
    """The palette for charts and bars."""
    return palette(st.context.theme.type or "light")
