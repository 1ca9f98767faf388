"""The one-line note that a data set is not available; a button shows why and what to do."""

import streamlit as st

from core.data.datasets import Status
from core.text import Message, say
from pages.shared.fetching import fetch
from pages.state.plain_text import plain_text


def missing_data(name: str, status: Status, consequence: str) -> None:
    """The note on a data set that could not be prepared; `consequence` says what the page does without it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        missing = say("data_note.missing", name=say(f"datasets.name.{name}"))
        st.markdown(f":orange[:material/cloud_off:] {missing}", width="content")
        with st.popover(say("data_note.why"), type="tertiary"):
            st.write(consequence)
            st.write(plain_text(status.message or Message("data_note.no_answer"), longest=1000))
            st.button(say("data_note.retry"), key="data.retry", icon=":material/refresh:", on_click=fetch.clear)
