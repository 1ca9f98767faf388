"""A segmented control that chooses one value of a view's field."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.text import say
from pages.state.url_state import bound


def switch(
    name: str,
    value: Any,
    options: Sequence[Any],
    label: str,
    texts: str = "",
    *,
    hidden_label: bool = False,
    help: str | None = None,
    also: Mapping[str, Any] | None = None,
) -> None:
    """Draw the options, each with its text under the key `texts`, without it the option itself; `also` as in `bound`.

    `label` is a key too; a hidden label is for screen readers only.
    """
    st.segmented_control(
        say(label),
        options,
        format_func=lambda option: say(f"{texts}.{option}") if texts else str(option),
        required=True,
        label_visibility="collapsed" if hidden_label else "visible",
        help=help,
        **bound(name, value, first="default", options=options, also=also or {}),
    )
