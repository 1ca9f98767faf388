"""Parts of a page that rerun by themselves, less often for many watchers, so that training keeps its speed."""

import functools
import itertools
import secrets
import threading
import time
from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

TICK_SECONDS = 1.0
CROWDED_SECONDS = 1.4
MANY, FEW = 8, 6
"""The watchers at which a crowd begins, and the fewest at which it continues."""
_GONE_SECONDS = 5.0
_calls = itertools.count()

P = ParamSpec("P")


class Audience:
    """The sessions that refreshed within the last seconds; thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._looked: dict[str, float] = {}
        self._crowded = False

    def seconds_to_next_look(self, who: str) -> float:
        """Record a refresh and return the seconds to the next one."""
        now = self._clock()
        with self._lock:
            self._looked[who] = now
            self._looked = {one: when for one, when in self._looked.items() if now - when < _GONE_SECONDS}
            self._crowded = len(self._looked) >= (FEW if self._crowded else MANY)
            return CROWDED_SECONDS if self._crowded else TICK_SECONDS


@st.cache_resource
def _audience() -> Audience:
    return Audience()


def tick_seconds() -> float:
    """Seconds to this session's next refresh; call once per refresh."""
    return _audience().seconds_to_next_look(st.session_state.setdefault("_watch_who", secrets.token_hex(8)))


def ticking(part: Callable[P, None], seconds: float | None) -> Callable[P, None]:
    """The part as a fragment that reruns every `seconds`, under a new name in each rerun of its page; None: never.

    With one name for all, parts would vanish for a moment on a busy machine. A tick that comes while the page runs is
    answered after it: Streamlit then drops what the page drew in the fragment of this name and has not sent yet, and
    still tells the browser that the page is complete.
    """
    if seconds is None:
        return st.fragment(part)

    @functools.wraps(part)
    def named(*args: P.args, **kwargs: P.kwargs) -> None:
        part(*args, **kwargs)

    named.__qualname__ = f"{part.__qualname__}.{next(_calls)}"
    return st.fragment(named, run_every=seconds)
