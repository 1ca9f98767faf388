"""The digits that a page can show at once, and the wait for them."""

import streamlit as st

from core.data import datasets
from core.text import say
from pages.shared.fetching import wait_for
from pages.state.server_state import dataset


def ready_digits(preferred: str = "mnist") -> datasets.Dataset | None:
    """Digits to look at: those preferred, else MNIST, else its sample.

    Where the preferred ones are soon ready, or none are, they are prepared: None until then, which the page says.
    """
    states = {name: datasets.status(name).state for name in (preferred, "mnist", "mnist-5k")}
    # MNIST may be on its way for minutes; its sample needs no network
    soon = states[preferred] == "local" or (preferred == "mnist-5k" and states[preferred] == "preparing")
    if not soon and (ready := next((name for name, state in states.items() if state == "ready"), None)):
        return dataset(ready)
    name = next((name for name, state in states.items() if state in ("local", "preparing")), "mnist-5k")
    wait_for(name, lambda _: st.info(say("draw.no_digits"), icon=":material/cloud_off:"))
    return None
