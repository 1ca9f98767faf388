"""Data sets are fetched and converted in another process, once per server and again on each retry, with notes."""

import subprocess
from collections.abc import Callable

import streamlit as st

from core import child_process
from core.config.datasets import BUILT_IN, dataset_title
from core.data import datasets
from core.text import Message, say
from pages.state.plain_text import plain_text
from pages.state.server_state import data_status
from pages.state.tick import ticking

_TICK_SECONDS = 0.5


@st.cache_resource
def fetch(name: str) -> "subprocess.Popen[bytes]":
    """Fetch a data set; after `fetch.clear(name)` the next call tries again."""
    return subprocess.Popen(
        child_process.command("core.data", name),
        env=child_process.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def fetching(name: str, status: datasets.Status) -> bool:
    """Whether a data set is being fetched; the first call starts fetching it."""
    if name not in BUILT_IN:
        return False  # what a person brought is there, or nowhere
    return fetch(name).poll() is None or status.state == "preparing"


def wait_for(name: str, without: Callable[[datasets.Status], object], *, looking: str = "digit_images.looking") -> None:
    """Prepare a data set with a note, and rerun the page once it is ready; `without` is drawn if that failed."""
    under_way = fetching(name, data_status(name))
    ticking(_wait, _TICK_SECONDS if under_way else None)(name, under_way, without, looking)


def missing_data(name: str, status: datasets.Status, consequence: str) -> None:
    """The note on a data set that could not be prepared; `consequence` says what the page does without it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        missing = say("data_note.missing", name=plain_text(dataset_title(name)))
        st.markdown(f":orange[:material/cloud_off:] {missing}", width="content")
        with st.popover(say("data_note.why"), type="tertiary"):
            st.write(consequence)
            st.write(plain_text(status.message or Message("data_note.no_answer"), longest=1000))
            st.button(say("note.retry"), key="data.retry", icon=":material/refresh:", on_click=fetch.clear)


def _wait(name: str, was_under_way: bool, without: Callable[[datasets.Status], object], looking: str) -> None:
    status = data_status(name)
    under_way = fetching(name, status)
    if status.state == "ready" or under_way != was_under_way:
        st.rerun()
    if under_way:
        st.caption(plain_text(status.message) or say(looking, name=plain_text(dataset_title(name))))
    else:
        without(status)
