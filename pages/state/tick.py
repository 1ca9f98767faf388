"""How many watch what trains: of a crowd each looks a little less often, so that the training keeps its speed."""

import secrets
import threading
import time
from collections.abc import Callable

import streamlit as st

TICK_SECONDS = 1.0
CROWDED_SECONDS = 1.4
MANY, FEW = 8, 6
"""From how many on it is a crowd, and down to how many it remains one."""
_GONE_SECONDS = 5.0


class Audience:
    """Who looked within the last seconds; safe from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._looked: dict[str, float] = {}
        self._crowded = False

    def seconds_to_next_look(self, who: str) -> float:
        """Note that somebody looks, and say when to look again."""
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
    """Seconds to this session's next look; call once it looks."""
    return _audience().seconds_to_next_look(st.session_state.setdefault("_watch_who", secrets.token_hex(8)))
