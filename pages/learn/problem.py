"""The small learning problem of the lessons, and results computed once for all visitors."""

import streamlit as st

from core.explain.lessons.descent import IMAGES, Descent, Problem, Tried, descend, try_sizes
from core.explain.lessons.range_test import RangeTest, range_test
from core.explain.lessons.slopes import Slope, try_rates
from pages.learn.digits import DATASET
from pages.state.server_state import dataset


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


@st.cache_resource(show_spinner=False)
def found_range() -> RangeTest:
    """The range test of the small network."""
    return range_test(_problem())


def _problem() -> Problem:
    data = dataset(DATASET)
    assert data is not None
    return Problem.of(data.train_images[:IMAGES], data.train_labels[:IMAGES])
