"""The queue: which runs wait, in what order."""

import streamlit as st

from core.errors import DigitLabError
from core.runs.store import Run
from core.words import say
from pages.parts.plain_text import plain_text
from pages.parts.resources import queue


def waiting_runs(waiting: list[Run]) -> None:
    """The waiting runs, each with buttons to move it and to take it out; nothing where none waits."""
    if not waiting:
        return
    st.markdown(say("watch.waiting", count=len(waiting)))
    for place, run in enumerate(waiting):
        if run.manifest is None:
            continue
        config = run.manifest.config
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            text = say(
                "watch.waiting_run",
                place=place + 1,
                name=run.manifest.name[:40],
                epochs=config.epochs,
                dataset=config.dataset,
            )
            st.text(text, width="stretch")
            _button("up", "arrow_upward", run.id, disabled=place == 0)
            _button("down", "arrow_downward", run.id, disabled=place == len(waiting) - 1)
            _button("cancel", "close", run.id)


def _button(name: str, icon: str, run_id: str, *, disabled: bool = False) -> None:
    st.button(
        say(f"watch.{name}"),
        key=f"queue.{name}.{run_id}",
        icon=f":material/{icon}:",
        disabled=disabled,
        on_click=_act,
        args=(name, run_id),
    )


def _act(name: str, run_id: str) -> None:
    try:
        if name == "cancel":
            queue().cancel(run_id)
        else:
            queue().move(run_id, -1 if name == "up" else 1)
    except DigitLabError as error:
        # the run has started in the meantime
        st.toast(plain_text(str(error)))
