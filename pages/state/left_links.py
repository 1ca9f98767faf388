"""The links that a page's URL had lately: a busy browser may still send one of them, as Back does."""

import time
from dataclasses import dataclass, field

import streamlit as st

from pages.state.tick import ticking

LATE_SECONDS = 10.0
"""How long after a change of a page's URL a busy browser may still send an earlier one."""
_ASK_SECONDS = 0.3


@dataclass(slots=True)
class LeftLinks:
    """The parameters of a page's URL that were replaced lately, each with its time."""

    links: list[tuple[float, dict[str, str]]] = field(default_factory=list)
    asked: bool = False
    """Whether the browser was asked for its URL, after it got the page's."""

    def add(self, link: dict[str, str]) -> None:
        now = time.monotonic()
        self.links = [*((at, left) for at, left in self.links if now - at < LATE_SECONDS), (now, link)]

    def may_come_late(self, link: dict[str, str]) -> bool:
        """Whether this link may be an earlier one that arrived late."""
        return link in [left for at, left in self.links if time.monotonic() - at < LATE_SECONDS]

    def clear(self) -> None:
        self.links.clear()

    def ask(self) -> None:
        """Ask the browser for its URL, and run the page again as if that had never been left; call in the page."""
        self.asked = False
        ticking(self._ask_again, _ASK_SECONDS)()

    def _ask_again(self) -> None:
        """When the browser sends this, it has got the page's URL, so what it sends is its own."""
        if self.asked:
            self.clear()
            st.rerun()
        # the first time, the page itself runs this
        self.asked = True
