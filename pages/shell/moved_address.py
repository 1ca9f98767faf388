"""Addresses of earlier versions lead to the page that shows the same."""

from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from pages.state.page_links import MOVED

_SCRIPT = Path(__file__).parents[2] / "static" / "moved_address.js"
_mount = st.components.v2.component("moved_address", html="<i hidden></i>", js=_SCRIPT.read_text(encoding="utf-8"))


def moved_address(name: str) -> None:
    """Replace the address in the browser's history: st.switch_page would add one, and Back would lead here again."""
    address, left_out = MOVED[name]
    parameters = left_out | st.query_params.to_dict()
    _mount(key="moved_address", data={"to": f"./{address}?{urlencode(parameters)}"})
