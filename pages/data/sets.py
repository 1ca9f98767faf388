"""All data sets on one page, and the place to add one."""

import streamlit as st

from core.config.datasets import dataset_title
from core.text import say
from pages.data.adder import adder
from pages.data.review import review
from pages.data.set_list import set_list
from pages.data.trial import trial
from pages.state.page_links import page_link
from pages.state.plain_text import plain_text
from pages.state.url_state import change


def data_sets() -> None:
    """What is being added, if anything, else the uploader beside the list."""
    own = trial()
    state = own.state()
    if own.draft is not None and state is not None and state.state == "ready":
        if own.known:
            own.added = own.known
            own.stop()
        else:
            review(own, own.draft)
            return
    left, right = st.columns([5, 7], gap="large")
    with left:
        adder(own)
    with right:
        st.markdown(f"#### {say('data_sets.all')}")
        set_list(own)


def added_note(shown: str) -> None:
    """After a data set was added, say so beside the way to Train; until another one is shown."""
    own = trial()
    if own.added != shown:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(
            say("data_sets.added", title=plain_text(dataset_title(shown))), icon=":material/check:", width="stretch"
        )
        page_link("train", say("data_sets.train"), icon="play_arrow", parameters={"dataset": shown})
        st.button(say("data_sets.close"), key="data_add.close", type="tertiary", on_click=_close)


def _close() -> None:
    trial().added = ""
    change()
