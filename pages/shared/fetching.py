"""Data sets are fetched and converted in another process, once per server and again on each retry."""

import subprocess
from collections.abc import Callable

import streamlit as st

from core import child_process
from core.data import datasets
from core.text import say
from pages.state.plain_text import plain_text

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
    return fetch(name).poll() is None or status.state == "preparing"


def wait_for(name: str, without: Callable[[datasets.Status], object], *, looking: str = "digit_images.looking") -> None:
    """Prepare a data set, say so, and draw the page again once it is ready; `without` shows that it cannot be had."""
    under_way = fetching(name, datasets.status(name))
    st.fragment(_wait, run_every=_TICK_SECONDS if under_way else None)(name, under_way, without, looking)


def _wait(name: str, was_under_way: bool, without: Callable[[datasets.Status], object], looking: str) -> None:
    status = datasets.status(name)
    under_way = fetching(name, status)
    if status.state == "ready" or under_way != was_under_way:
        st.rerun()
    if under_way:
        st.caption(plain_text(status.message) or say(looking, name=say(f"datasets.name.{name}")))
    else:
        without(status)
