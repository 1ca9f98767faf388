"""A segmented control that chooses one value of a view's field."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from pages.state.url_state import bound


def switch(
    name: str,
    value: Any,
    options: Sequence[Any],
    label: str,
    text: Callable[[Any], str] = str,
    *,
    visible_label: bool = False,
    also: Mapping[str, Any] | None = None,
) -> None:
    """Draw the options, each with its text; only screen readers get an invisible label; `also` as in `bound`."""
    st.segmented_control(
        label,
        options,
        format_func=text,
        required=True,
        wrap=True,  # rather than scroll sideways, as it would within a row
        label_visibility="visible" if visible_label else "collapsed",
        **bound(name, value, first="default", options=options, also=also or {}),
    )
