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
    # Streamlit collects garbage after every rerun; what is loaded by now will not become any
    gc.collect()
    gc.freeze()
    return runs
