"""A visitor without a browser, so that what is timed is the server alone."""

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
    # a visitor without a browser has no address that would make it the owner
    "DIGIT_LAB_TRUST_NETWORK": "on",
}
_PATH = "_stcore/agent/interact"
_QUIET_SECONDS, _QUIET_SHARE = 0.5, 0.04
"""At rest, the server's watchers take about a hundredth of a processor."""
_DEADLINE = 60

Element = dict[str, Any]


@contextlib.contextmanager
def visitable(folder: Path, runs_dir: Path) -> Iterator[Server]:
    """A new server of the app that visitors without a browser may use, at rest."""
    with patch.dict(os.environ, _ALLOWED), serving(APP, folder, runs_dir) as server:
        rest(server)
        yield server


def rest(server: Server) -> None:
    """Wait until the server has nothing to do any more; raises RuntimeError where that never comes."""
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
    """One session with the server, by Streamlit's own interface for those who have no browser.

    Widgets, callbacks and links work as in a browser. Times are in ms, from the request to the whole answer: the
    script's run, what Streamlit does before the session is at rest again, and about 5 ms to write the page as JSON.
    """

    def __init__(self, server: Server) -> None:
        self._address = f"{server.address}/{_PATH}"
        self._session: dict[str, str] = {}
        self._tree: Element = {}

    def open(self, page: str, **link: str) -> float:
        """Open the page with this path and these parameters of its address."""
        return self._ask(page=page, query_params={name: [value] for name, value in link.items()})

    def choose(self, key: str, value: Any) -> float:
        """Give a widget a value, for a choice the text that it shows."""
        return self._ask(widget_state={self.element(key)["key"]: value})

    def element(self, key: str) -> Element:
        """What the page has under this key, a number behind it or not; raises RuntimeError where there is none."""
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
