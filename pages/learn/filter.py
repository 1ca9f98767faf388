"""The filter of the network's first convolution that a lesson looks at."""

import streamlit as st

from core.array_types import Floats
from core.text import say
from pages.learn.controls import labeled
from pages.learn.view import LearnView
from pages.learn.within import within
from pages.state.url_state import bound


def pick_filter(view: LearnView, maps: Floats) -> int:
    """Draw a picker and return the filter's index; by default that of the map, of (h, w, filters), that varies most."""
    count = maps.shape[-1]
    wanted = int(maps.std(axis=(0, 1)).argmax()) + 1 if view.filter is None else view.filter
    chosen = within("filter", wanted, 1, count, str)
    label = say("lessons.filter")
    with labeled(label):
        shown = bound("filter", chosen, options=(count,))
        st.number_input(label, 1, count, width=130, label_visibility="collapsed", **shown)
    return int(chosen) - 1
