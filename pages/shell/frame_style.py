"""The style of the frame of every page."""

from pathlib import Path

import streamlit as st

from core.text import language, languages
from pages.state.presentation import presenting
from pages.state.theme import colors
from pages.widgets.browser_script import loader

_STATIC = Path(__file__).parents[2] / "static"
_STYLE, _PRESENTED = ((_STATIC / f"{name}.css").read_text(encoding="utf-8") for name in ("frame", "presentation"))
_LANGUAGES = {tag: path.read_text(encoding="utf-8") for tag in languages() if (path := _STATIC / f"{tag}.css").exists()}

_mount = st.components.v2.component("theme_change", html="<i hidden></i>", js=loader("theme_change"))


def frame_style() -> None:
    """Apply it, with the theme's background behind what stays in view, and its accent around what has the focus."""
    theme = colors()
    names = (
        f"--frame-ground: {theme.background}; --frame-accent: {theme.training}; "
        f"--frame-quiet: {theme.quiet}; --frame-literal: {theme.literal}; --frame-line: {theme.faint}; "
        f"--frame-paper: {'invert(0.9)' if theme.dark else 'none'}"
    )
    presented = _PRESENTED if presenting() else ""
    st.html(f"<style>{_STYLE}\n{_LANGUAGES.get(language(), '')}\n:root {{{names}}}\n{presented}</style>")
    # the browser tells the theme with every rerun, and asks for one when it changes
    _mount(key="theme.change", data={"dark": theme.dark}, on_changed_change=lambda: None)
