"""The style of the frame of every page."""

from pathlib import Path

import streamlit as st

from pages.state.theme import colors

_STYLE = (Path(__file__).parents[2] / "static" / "frame.css").read_text(encoding="utf-8")


def frame_style() -> None:
    """Apply it, with the theme's background behind what stays in view, and its accent around what has the focus."""
    theme = colors()
    names = f"--frame-ground: {theme.background}; --frame-accent: {theme.training}"
    st.html(f"<style>{_STYLE}\n:root {{{names}}}</style>")
