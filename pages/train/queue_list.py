"""The list of queued runs."""

import streamlit as st

from core.config.datasets import dataset_title
from core.errors import DigitLabError
from core.runs.entries import Job, Run
from core.text import say
from pages.state.page_links import link_of, page_link
from pages.state.plain_text import plain_text
from pages.state.server_state import settings
from pages.state.visitor import access


def waiting_runs(waiting: list[Run]) -> None:
    """The queued runs in order, with buttons to move or cancel each; nothing if the queue is empty."""
    if not waiting:
        return
    st.markdown(say("watch.waiting", count=len(waiting)))
    for place, run in enumerate(waiting):
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            page_link("run", _about(run, place + 1), parameters=link_of(run), width="stretch")
            if access().may_order():
                _button("up", "arrow_upward", run, disabled=place == 0)
                _button("down", "arrow_downward", run, disabled=place == len(waiting) - 1)
            if settings().ray and access().may_order() and not run.folder.here.exists():
                _button("here", "computer", run, label=say("cluster.send_here"))
            if access().may_change(run):
                _button("cancel", "close", run)


def _about(run: Run, place: int) -> str:
    name, config = plain_text(run.short_name), run.manifest.config
    if isinstance(run, Job):
        return say("cross_validation.waiting", place=place, name=name)
    dataset = plain_text(dataset_title(config.dataset))
    key = "watch.waiting_run" if config.epochs > 1 else "watch.waiting_run_once"
    return say(key, place=place, name=name, epochs=config.epochs, dataset=dataset)


def _button(name: str, icon: str, run: Run, *, label: str = "", disabled: bool = False) -> None:
    st.button(
        label or say(f"watch.{name}"),
        key=f"queue.{name}.{run.id}",
        icon=f":material/{icon}:",
        disabled=disabled,
        on_click=_act,
        args=(name, run),
    )


def _act(name: str, run: Run) -> None:
    try:
        if name == "cancel":
            access().cancel(run)
        elif name == "here":
            access().send_here(run)
        else:
            access().move(run, -1 if name == "up" else 1)
    except DigitLabError as error:
        # the run has started in the meantime
        st.toast(plain_text(error.message))
