"""What all visitors of the server share: the runs and their queue."""

import gc

import streamlit as st

from core.runs.queue import Queue
from core.runs.store import RunStore


@st.cache_resource
def store() -> RunStore:
    """All runs."""
    return RunStore()


@st.cache_resource
def queue() -> Queue:
    """The queue, watched from its own thread from the first visit on."""
    runs = Queue(store())
    runs.watch()
    return runs


@st.cache_resource
def settle_memory() -> None:
    """Once a first page is drawn: what is loaded by then will never become garbage.

    Streamlit collects garbage after every rerun, which would look at all of it each time.
    """
    gc.collect()
    gc.freeze()
