"""The lessons' digits, and results computed once for all visitors."""

import streamlit as st

from core.data import datasets
from core.explain.lessons.descent import IMAGES, Descent, Problem, Tried, descend, try_sizes
from core.explain.lessons.slopes import Slope, try_rates
from core.text import say
from pages.shared.fetching import fetching
from pages.shared.missing_data import missing_data
from pages.state.plain_text import plain_text
from pages.state.server_state import dataset

_DATASET = "mnist-5k"
_TICK_SECONDS = 1.0


def has_digits() -> bool:
    """Whether the digits are ready; if not, start preparing them and show a note."""
    if dataset(_DATASET) is not None:
        return True
    under_way = fetching(_DATASET, datasets.status(_DATASET))
    st.fragment(_wait, run_every=_TICK_SECONDS if under_way else None)(under_way)
    return False


@st.cache_resource(max_entries=64, show_spinner=False)
def found_descent(rate: float, batch_size: int) -> Descent:
    """The three descents with this learning rate."""
    return descend(_problem(), rate=rate, batch_size=batch_size)


@st.cache_resource(max_entries=16, show_spinner=False)
def found_sizes(rate: float) -> list[Tried]:
    """The result of each batch size with this learning rate."""
    return try_sizes(_problem(), rate=rate)


@st.cache_resource(show_spinner=False)
def found_rates() -> list[Slope]:
    """The result of each learning rate on a small network."""
    return try_rates(_problem())


def _problem() -> Problem:
    data = dataset(_DATASET)
    assert data is not None
    return Problem.of(data.train_images[:IMAGES], data.train_labels[:IMAGES])


def _wait(was_under_way: bool) -> None:
    status = datasets.status(_DATASET)
    under_way = fetching(_DATASET, status)
    if status.state == "ready" or under_way != was_under_way:
        st.rerun()
    name = say(f"datasets.name.{_DATASET}")
    if under_way:
        st.caption(plain_text(status.message) or say("digit_images.looking", name=name))
    else:
        missing_data(_DATASET, status, say("lessons.no_digits", name=name))
