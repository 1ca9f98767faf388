"""Slow work in the background, whose result a later rerun shows."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from typing import Any

import streamlit as st

from core.explain.background import Background
from pages.state.tick import ticking

_WAIT_SECONDS = 0.08
"""Seconds that a rerun waits for quick results."""
_TICK_SECONDS = 0.25


@st.cache_resource
def _background() -> Background:
    return Background()


def submit(key: Hashable, work: Callable[[], Any]) -> "Future[Any]":
    """Start the work, unless it was already submitted under this key; returns its future."""
    return _background().ask(key, work)


def ready(*answers: "Future[Any]") -> bool:
    """Whether all are done; if not, the page reruns once they are."""
    if wait(answers, timeout=_WAIT_SECONDS).not_done:
        ticking(_watch, _TICK_SECONDS)(answers)
        return False
    return True


def _watch(answers: tuple["Future[Any]", ...]) -> None:
    if all(answer.done() for answer in answers):
        st.rerun()
