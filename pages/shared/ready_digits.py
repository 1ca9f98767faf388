"""Digits that a page can show right away, or the wait for them."""

import streamlit as st

from core.data import datasets
from core.text import say
from pages.shared.fetching import wait_for
from pages.state.server_state import dataset


def ready_digits(preferred: str = "mnist") -> datasets.Dataset | None:
    """The preferred data set if it is ready, else MNIST, else its sample.

    None, with a note, while the preferred one is about to be ready or none is.
    """
    states = {name: datasets.status(name).state for name in (preferred, "mnist", "mnist-5k")}
    # downloading MNIST may take minutes; its sample needs no network
    soon = states[preferred] == "local" or (preferred == "mnist-5k" and states[preferred] == "preparing")
    if not soon and (ready := next((name for name, state in states.items() if state == "ready"), None)):
        return dataset(ready)
    name = next((name for name, state in states.items() if state in ("local", "preparing")), "mnist-5k")
    wait_for(name, lambda _: st.info(say("draw.no_digits"), icon=":material/cloud_off:"))
    return None
