"""What this visitor looks at, kept over page changes and in step with the page's address."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from core.view import View
from pages.parts.form_state import SETTLING_SECONDS
from pages.parts.plain_text import plain_text

_KEY = "looking"


@dataclass(kw_only=True)
class Looking:
    """A visitor's view, and the address that it was last read from or written to."""

    view: View = field(default_factory=View)
    page: str = ""
    names: tuple[str, ...] = ()
    link: dict[str, str] = field(default_factory=dict)
    link_before: dict[str, str] | None = None
    written: float = 0.0
    problems: list[str] = field(default_factory=list)

    def arrive(self, page: str, names: tuple[str, ...]) -> None:
        """Take over what the address says, or say there what is remembered."""
        came, self.page, self.names = self.page != page, page, names
        if came:
            _forget_widgets()
        link = self._address()
        late = link == self.link_before and time.monotonic() - self.written < SETTLING_SECONDS
        if came and not link:
            self.problems = []
            self.write()
        elif came or (link != self.link and not late):
            self.view, self.problems = self.view.following(link, names)
            self.link = link

    def change(self, **changes: Any) -> None:
        """Look at something else; in a callback, so that the whole page shows it."""
        self.view, self.problems = replace(self.view, **changes), []
        self.write()

    def write(self) -> None:
        """Bring the address in line with the view, parameters of others untouched."""
        self.link_before, self.written = self._address(), time.monotonic()
        self.link = self.view.to_query(self.names)
        if self.link != self.link_before:
            st.query_params.update({**{name: [] for name in self.link_before}, **self.link})

    def _address(self) -> dict[str, str]:
        return {name: st.query_params[name] for name in self.names if st.query_params.get_all(name)}


def look(page: str, names: tuple[str, ...]) -> View:
    """What a page whose address has these names is to show; says what of a link could not be used."""
    looking = _looking()
    looking.arrive(page, names)
    for problem in looking.problems:
        st.warning(plain_text(problem), icon=":material/link_off:")
    return looking.view


def change(**changes: Any) -> None:
    """Look at something else; call from a callback."""
    _looking().change(**changes)


def bound(name: str, value: Any, *, then: Callable[[Any], dict[str, Any]] | None = None) -> dict[str, Any]:
    """Key and callback of a widget that shows this value and chooses the view's field of this name.

    `then` turns the chosen value into the fields to change, where that is not the field itself.
    """
    key = f"view.{name}"
    if st.session_state.get(key, _NOTHING) != value:
        st.session_state[key] = value
    return {"key": key, "on_change": _chosen, "args": (name, key, then)}


_NOTHING = object()


def _forget_widgets() -> None:
    """What the page before had under the same keys: this page's widgets would not be told what to show."""
    for key in [key for key in st.session_state if str(key).startswith("view.")]:
        del st.session_state[key]


def _chosen(name: str, key: str, then: Callable[[Any], dict[str, Any]] | None) -> None:
    value = st.session_state[key]
    change(**(then(value) if then else {name: value}))


def _looking() -> Looking:
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Looking()
    looking: Looking = st.session_state[_KEY]
    return looking
