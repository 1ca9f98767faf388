"""In which order the maps or units of a layer stand, and which of them a link can mean."""

import streamlit as st

from core.text import say
from pages.run.inside.view import InsideView
from pages.state.url_state import bound


def within(wanted: int, count: int) -> int:
    """The nearest number of a map or unit that there is; says so where it is another."""
    if wanted >= count:
        st.warning(say("inside_layers.no_map", wanted=wanted + 1, last=count))
    return min(wanted, count - 1)


def in_order(view: InsideView) -> bool:
    """Whether the strongest come first, as chosen here."""
    st.segmented_control(
        say("inside_layers.order"),
        ["strength", "number"],
        format_func=lambda order: say(f"inside_layers.orders.{order}"),
        required=True,
        label_visibility="collapsed",
        **bound("order", view.order, first="default"),
    )
    return view.order == "strength"
