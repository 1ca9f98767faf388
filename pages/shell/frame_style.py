"""The style of the frame of every page."""

from pathlib import Path

import streamlit as st

from pages.state.presentation import presenting
from pages.state.theme import colors

_STATIC = Path(__file__).parents[2] / "static"
_STYLE, _PRESENTED = ((_STATIC / f"{name}.css").read_text(encoding="utf-8") for name in ("frame", "presentation"))


def frame_style() -> None:
    """Apply it, with the theme's background behind what stays in view, and its accent around what has the focus."""
    theme = colors()
    names = (
        f"--frame-ground: {theme.background}; --frame-accent: {theme.training}; "
        f"--frame-quiet: {theme.quiet}; --frame-literal: {theme.literal}; --frame-line: {theme.faint}; "
        f"--frame-paper: {'invert(0.9)' if theme.dark else 'none'}"
    )
    presented = _PRESENTED if presenting() else ""
    st.html(f"<style>{_STYLE}\n:root {{{names}}}\n{presented}</style>")
