"""Which data sets can be had here, and a note while MNIST is fetched or cannot be."""

import subprocess
import sys

import streamlit as st

from core.config import DATASET_SIZES
from core.digits import datasets
from core.runs.store import ROOT
from core.words import say
from pages.parts.plain_text import plain_text

TICK_SECONDS = 1.0


def available_datasets(default: str) -> dict[str, str]:
    """Each data set with a word on what it is, and whether it is missing here."""
    missing = [] if default == "mnist" else ["mnist"]
    return {
        name: say(f"data_note.{name}{'_missing' if name in missing else ''}", images=f"{sizes[0]:,}")
        for name, sizes in DATASET_SIZES.items()
    }


def data_note() -> str:
    """The data set to offer first: MNIST where it is on this machine, without a word.

    Else the digits that need no network, and a note that says how far fetching MNIST is, or why it failed.
    """
    status = datasets.status("mnist")
    if status.state in ("ready", "local"):
        return "mnist"
    fetching = _fetching(status)
    st.fragment(_note, run_every=TICK_SECONDS if fetching else None)(fetching)
    return "mnist-5k"


def _note(was_fetching: bool) -> None:
    status = datasets.status("mnist")
    fetching = _fetching(status)
    if fetching != was_fetching:
        st.rerun()
    if fetching:
        st.caption(status.message if status.state == "preparing" else say("data_note.looking"))
    else:
        st.warning(say("data_note.failed"), icon=":material/cloud_off:")
        with st.container(horizontal=True):
            st.button(say("data_note.retry"), key="data.retry", icon=":material/refresh:", on_click=_fetch.clear)
            with st.popover(say("data_note.why")):
                st.write(plain_text(status.message or say("data_note.no_answer"), longest=1000))


def _fetching(status: datasets.Status) -> bool:
    return _fetch().poll() is None or status.state == "preparing"


@st.cache_resource
def _fetch() -> subprocess.Popen[bytes]:
    """Fetch MNIST in a process of its own, once a server, and again after every retry."""
    return subprocess.Popen(
        [sys.executable, "-m", "core.digits", "mnist"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
