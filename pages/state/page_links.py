"""Links between pages."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal

import streamlit as st

from core.runs.entries import Job, Run
from core.text import say
from pages.state.address import kept_parameters
from pages.state.url_state import LINKED, TAB, be_at, is_open, leave_for, turn
from pages.state.view import View

MENU = ("train", "runs", "draw", "learn", "data")
"""The addresses of the pages in the menu, in its order."""
PAGE_FILES = {name: f"pages/{name}/page.py" for name in (*MENU, "run", "sweep")}
"""Each address with its page."""
MOVED = {
    "results": ("run", {TAB: "results"}),
    "mistakes": ("run", {TAB: "mistakes"}),
    "inside": ("run", {TAB: "inside"}),
    "lessons": ("learn", {"lesson": "descent"}),
}
"""Addresses of earlier versions, each with the address that replaces it and the parameters that it leaves out."""

_KEY = "page_links.to"
_NOTHING: Mapping[str, str] = MappingProxyType({})
_ICONS = {"curves": "show_chart", "results": "grid_on", "mistakes": "rule", "inside": "visibility", "settings": "tune"}


def go(place: str, /, **changes: Any) -> None:
    """Go to a page or a tab of a run's page with these values; call from a callback."""
    st.session_state[_KEY] = place, changes


def switch_page(views: Iterable[type[View]], here: str) -> None:
    """Open what a callback passed to `go`; `views` holds every View, `here` is the address of the page about to run."""
    be_at(here)
    place, changes = st.session_state.pop(_KEY, (None, {}))
    if place is None:
        return
    view = next(view for view in views if place == (view.tab or view.address))
    if view.address == here:
        turn(view, **changes)
    else:
        # in the URL at once, or Back would return to that page without the values
        st.switch_page(PAGE_FILES[view.address], query_params=leave_for(view, **changes) | kept_parameters())


def page_link(
    address: str,
    label: str,
    *,
    icon: str = "",
    parameters: Mapping[str, str] = _NOTHING,
    width: Literal["stretch", "content"] = "content",
) -> None:
    """A link to this page with these parameters and those that every link keeps; `icon` is the name of a symbol."""
    st.page_link(
        PAGE_FILES[address],
        label=label,
        icon=f":material/{icon}:" if icon else None,
        query_params={**parameters, **kept_parameters(), **({LINKED: "1"} if is_open(address) else {})},
        width=width,
    )


def run_links(run: Run, *tabs: str) -> None:
    """Links to these tabs of a run's page; most need a finished epoch."""
    with st.container(horizontal=True):
        for tab in tabs:
            if tab in ("curves", "settings") or run.status.epoch:
                page_link(
                    "run", say(f"run_page.tabs.{tab}"), icon=_ICONS[tab], parameters={TAB: tab, RUN_PARAMETER: run.id}
                )


def link_of(run: Run) -> dict[str, str]:
    """The parameters of a link to a run's page; of a cross-validation, to what it finds out."""
    if isinstance(run, Job):
        return {TAB: "mistakes", RUN_PARAMETER: run.task.run, "show": "labels", "labels_of": "training"}
    return {RUN_PARAMETER: run.id}


RUN_PARAMETER = "run"


def show_run(run_id: str) -> None:
    """Show this run on this page from the next rerun on; call from a callback."""
    st.query_params[RUN_PARAMETER] = run_id
