"""The product's mark, left of the menu."""

from pathlib import Path

import streamlit as st

from pages.state.theme import colors

_MARK = (Path(__file__).parents[2] / "static" / "logo.svg").read_text(encoding="utf-8")


def mark() -> None:
    """Draw it in the color of the theme's text, which a picture does not inherit."""
    st.logo(_MARK.replace("currentColor", colors().text), size="large")
