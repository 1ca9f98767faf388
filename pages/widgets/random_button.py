"""A button that draws something at random."""

from collections.abc import Callable

import streamlit as st


def random_button(label: str, key: str, on_click: Callable[[], None], *, disabled: bool = False) -> None:
    """Draw the button, with a die as its icon."""
    st.button(label, key=key, icon=":material/casino:", type="tertiary", disabled=disabled, on_click=on_click)


def count_press(slot: str) -> None:
    """Increase the session's count, which seeds the random choice; as a callback of the button."""
    st.session_state[slot] = st.session_state.get(slot, 0) + 1
