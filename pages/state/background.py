"""What takes longer than a redraw may: worked out aside, shown once it is there."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from typing import Any

import streamlit as st

from core.explain.background import Background

_AT_ONCE = 0.08
"""Seconds that a redraw waits for what may be there in a moment."""
_TICK_SECONDS = 0.25


@st.cache_resource
def _background() -> Background:
    return Background()


def asked(key: Hashable, work: Callable[[], Any]) -> "Future[Any]":
    """The answer or where it will be; begun where nobody has asked yet."""
    return _background().ask(key, work)


def there(*answers: "Future[Any]") -> bool:
    """Whether all are there; if not, the page is drawn again once they are."""
    if wait(answers, timeout=_AT_ONCE).not_done:
        st.fragment(_watch, run_every=_TICK_SECONDS)(answers)
        return False
    return True


def _watch(answers: tuple["Future[Any]", ...]) -> None:
    if all(answer.done() for answer in answers):
        st.rerun()
