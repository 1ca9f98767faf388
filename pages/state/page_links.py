"""Links between pages."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from core.runs.store import Run
from core.text import say
from pages.state.url_state import leave_for
from pages.state.view import View

PAGE_FILES = {
    "train": "pages/train/page.py",
    "runs": "pages/runs/page.py",
    "results": "pages/run/results/page.py",
    "mistakes": "pages/run/mistakes/page.py",
    "inside": "pages/run/inside/page.py",
    "draw": "pages/draw/page.py",
    "data": "pages/data/page.py",
    "lessons": "pages/learn/page.py",
}
"""Each address with its page, in the order of the menu."""

_KEY = "page_links.to"
_ICONS = {"train": "show_chart", "results": "grid_on", "mistakes": "rule", "inside": "visibility"}


def go(page: str, /, **changes: Any) -> None:
    """Go to a page with these values; call from a callback."""
    st.session_state[_KEY] = page, changes


def switch_page(views: Iterable[type[View]]) -> None:
    """Switch to the page that a callback passed to `go`; `views` holds every page's View."""
    page, changes = st.session_state.pop(_KEY, (None, {}))
    if page is not None:
        view = next(view for view in views if view.address == page)
        # in the URL at once, or Back would return to that page without the values
        st.switch_page(PAGE_FILES[page], query_params=leave_for(view, **changes))


def run_links(run: Run, *pages: str) -> None:
    """Links to these pages for a run; all but Train need a finished epoch."""
    with st.container(horizontal=True):
        for page in pages:
            if page == "train" or run.status.epoch:
                st.page_link(
                    PAGE_FILES[page],
                    label=say("watch.curves") if page == "train" else say(f"pages.{page}"),
                    icon=f":material/{_ICONS[page]}:",
                    query_params={"run": run.id},
                )


RUN_PARAMETER = "run"


def show_run(run_id: str) -> None:
    """Show this run on Train from the next rerun on; call from a callback."""
    st.query_params[RUN_PARAMETER] = run_id
