"""Bring back the runs that were deleted last."""

import streamlit as st

from core.text import say
from pages.shared.run_controls import attempt
from pages.state.plain_text import plain_text
from pages.state.visitor import access


def undo() -> None:
    """A button for the runs deleted last, for as long as they can be restored; nothing otherwise."""
    deleted = access().set_aside_runs()
    if not deleted:
        return
    last = deleted[0]
    together = sum(run.batch == last.batch for run in deleted)
    name = plain_text(last.name, longest=40)
    st.button(
        say("run_list.undo", name=name) if together == 1 else say("run_list.undo_many", count=together),
        key="runs.undo",
        icon=":material/undo:",
        type="tertiary",
        help=say("run_list.undo_help"),
        on_click=attempt,
        args=(lambda: access().restore(last.batch),),
    )
    # when its time is up, the button goes
    st.fragment(_expire, run_every=last.seconds_left + 0.5)(len(deleted))


def _expire(before: int) -> None:
    if len(access().set_aside_runs()) < before:
        st.rerun()
