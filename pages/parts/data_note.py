"""Which data sets can be had here, and a note while MNIST is fetched or cannot be."""

import subprocess
import sys

import streamlit as st

from core.config import DATASET_SIZES
from core.digits import datasets
from core.runs.store import ROOT
from core.words import say

TICK_SECONDS = 1.0


def available_datasets() -> dict[str, str]:
    """Each data set with a word on its state; those that can be had now come first."""
    return {name: say(f"data_note.{name}", images=f"{sizes[0]:,}") for name, sizes in DATASET_SIZES.items()}


def default_dataset() -> str:
    """MNIST where it is on this machine, else the digits that need no network."""
    return "mnist" if datasets.status("mnist").state in ("ready", "local") else "mnist-5k"


def data_note() -> None:
    """Nothing where MNIST is on this machine; else how far fetching it is, or why it failed and a Retry."""
    state = datasets.status("mnist").state
    if state in ("ready", "local"):
        return
    if state == "remote":
        fetch()
    st.fragment(_note, run_every=TICK_SECONDS if state in ("remote", "preparing") else None)(state)


@st.cache_resource
def fetch() -> subprocess.Popen[bytes]:
    """Fetch MNIST in a process of its own, once for all visitors."""
    return subprocess.Popen(
        [sys.executable, "-m", "core.digits", "mnist"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _note(was: str) -> None:
    status = datasets.status("mnist")
    if status.state != was and status.state in ("ready", "local", "failed"):
        st.rerun()
    if status.state == "failed":
        st.warning(say("data_note.failed", reason=status.message), icon=":material/cloud_off:")
        st.button(say("data_note.retry"), key="data.retry", on_click=_retry)
    else:
        st.caption(status.message or say("data_note.looking"))


def _retry() -> None:
    fetch.clear()
    fetch()
