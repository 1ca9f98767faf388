"""Sequences of steps that the browser plays by itself; the server hears only where one comes to rest."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import streamlit as st

from core.text import say

_WORDS = ("player", "place", "speed", "slow", "normal", "fast", "play", "pause", "previous", "next", "where")


def play(
    mount: Callable[..., object],
    key: str,
    data: dict[str, Any],
    *,
    at: int,
    last: int,
    complete: bool,
    on_rest: Callable[[int], None],
) -> None:
    """Mount a component with a player (static/player-….js) that stands at step `at` of 0 to `last`.

    Playing continues while only `at` changes, or where the new data have as many steps. Until something is played or
    chosen, a `complete` sequence is shown as after its last step. on_rest gets the step at which the player comes to
    rest, before the rerun, like a widget's callback.
    """
    words = {name: say(f"player.{name}") for name in _WORDS}
    message = {**data, "words": {**words, **data.get("words", {})}}

    def rest() -> None:
        sent = st.session_state.get(key)
        step = sent.get("rest") if isinstance(sent, dict) else None
        # the browser's value is not trusted
        if type(step) is int and 0 <= step <= last:
            on_rest(step)

    digest = sha256(json.dumps(message).encode()).hexdigest()[:16]
    place = {"digest": digest, "at": min(max(at, 0), last), "last": last, "complete": complete}
    mount(key=key, data={**message, **place}, on_rest_change=rest)
