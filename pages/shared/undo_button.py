"""A button that brings back what was deleted, for as long as it can be."""

from collections.abc import Callable

import streamlit as st

from core.text import say
from pages.shared.run_controls import attempt
from pages.state.tick import ticking


def undo_button(
    label: str, key: str, seconds_left: float, restore: Callable[[], object], count: Callable[[], int]
) -> None:
    """Draw the button; the page reruns when the `count` of what can still be restored falls."""
    st.button(
        label,
        key=key,
        icon=":material/undo:",
        type="tertiary",
        help=say("run_list.undo_help"),
        on_click=attempt,
        args=(restore,),
    )
    before = count()

    def expire() -> None:
        if count() < before:
            st.rerun()

    # when its time is up, the button goes
    ticking(expire, seconds_left + 0.5)()
