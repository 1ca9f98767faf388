"""Data sets are fetched and converted in a process of their own, once a server and again after every retry."""

import subprocess
import sys

import streamlit as st

from core.digits import datasets
from core.runs.store import ROOT


@st.cache_resource
def fetch(name: str) -> "subprocess.Popen[bytes]":
    """Fetch a data set; `fetch.clear(name)` forgets how it went, and so tries again."""
    return subprocess.Popen(
        [sys.executable, "-m", "core.digits", name],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def fetching(name: str, status: datasets.Status) -> bool:
    """Whether a data set is on its way, which it is from the first time it is asked for."""
    return fetch(name).poll() is None or status.state == "preparing"
