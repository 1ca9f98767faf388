"""Data sets are fetched and converted in a process of their own, once a server and again after every retry."""

import subprocess

import streamlit as st

from core import child_process
from core.data import datasets


@st.cache_resource
def fetch(name: str) -> "subprocess.Popen[bytes]":
    """Fetch a data set; `fetch.clear(name)` forgets how it went, and so tries again."""
    return subprocess.Popen(
        child_process.command("core.data", name),
        env=child_process.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def fetching(name: str, status: datasets.Status) -> bool:
    """Whether a data set is on its way, which it is from the first time it is asked for."""
    return fetch(name).poll() is None or status.state == "preparing"
