"""A visitor without a browser, so that only the server is timed."""

import contextlib
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.serving import APP, Server, serving

_ALLOWED = {
    "STREAMLIT_SERVER_ENABLE_AGENT_API": "true",
    # a visitor without a browser does not count as the owner
    "DIGIT_LAB_TRUST_NETWORK": "on",
}
_PATH = "_stcore/agent/interact"
_QUIET_SECONDS, _QUIET_SHARE = 0.5, 0.04
"""Share of a processor below which the server is idle; its file watchers take about 0.01."""
_DEADLINE = 60

Element = dict[str, Any]


@contextlib.contextmanager
def visitable(folder: Path, runs_dir: Path) -> Iterator[Server]:
    """A new, idle server of the app that accepts visitors without a browser."""
    with patch.dict(os.environ, _ALLOWED), serving(APP, folder, runs_dir) as server:
        rest(server)
        yield server


def rest(server: Server) -> None:
    """Wait until the server is idle; raises RuntimeError if it never is."""
    deadline = time.monotonic() + _DEADLINE
    before = server.busy_seconds()
    while time.monotonic() < deadline:
        time.sleep(_QUIET_SECONDS)
        now = server.busy_seconds()
        if now - before <= _QUIET_SHARE * _QUIET_SECONDS:
            return
        before = now
    raise RuntimeError("Streamlit never comes to rest; run `streamlit run app.py` to see why.")


class Visit:
    """One session with the server through Streamlit's interface for agents.

    Widgets, callbacks and links work as in a browser. Times are in ms from request to complete answer: the script's
    run, Streamlit's work until the session is idle again, and about 5 ms for writing the page as JSON.
    """

    def __init__(self, server: Server) -> None:
        self._address = f"{server.address}/{_PATH}"
        self._session: dict[str, str] = {}
        self._tree: Element = {}

    def open(self, page: str, **link: str) -> float:
        """Open the page with this path and these query parameters."""
        return self._ask(page=page, query_params={name: [value] for name, value in link.items()})

    def choose(self, key: str, value: Any) -> float:
        """Set a widget's value; for a choice, the text that it shows."""
        return self._ask(widget_state={self.element(key)["key"]: value})

    def element(self, key: str) -> Element:
        """The page's element with this key, with or without a numeric suffix; raises RuntimeError if there is none."""
        named = re.compile(rf"{re.escape(key)}(\.\d+)?")
        found = next((e for e in _elements(self._tree) if named.fullmatch(str(e.get("key") or ""))), None)
        if found is None:
            raise RuntimeError(f"The page has no {key} to measure.")
        return found

    def _ask(self, **request: Any) -> float:
        body = json.dumps(self._session | request).encode()
        call = urllib.request.Request(self._address, body, {"Content-Type": "application/json"})
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(call, timeout=_DEADLINE) as answer:
                read = answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"Streamlit refuses {request}: {error.read().decode()[:300]}") from None
        taken = 1000 * (time.perf_counter() - began)
        page = json.loads(read)
        if page.get("status") != "ready":
            raise RuntimeError(f"The page fails after {request}; run `streamlit run app.py` to see why.")
        self._session, self._tree = {"session_id": page["session_id"]}, page["tree"]
        return taken


def _elements(element: Element) -> Iterator[Element]:
    yield element
    for child in element.get("children", []):
        yield from _elements(child)
