"""Where a run began: with random weights, or with those of another run."""

import streamlit as st

from core.runs.beginning import began
from core.runs.entries import SHORT_NAME, Run
from core.text import say
from pages.state.page_links import go
from pages.state.plain_text import plain_text
from pages.state.server_state import look


def origin(run: Run) -> None:
    """For a fork, a sentence on the run and epoch that it began with, and a way to that run if it is still there."""
    start = run.manifest.origin
    if start is None:
        return
    st.subheader(say("run_settings.origin"), anchor=False)
    st.markdown(plain_text(began(start)))
    if any(other.id == start.run for other in look().runs):
        # no link, which would leave the address of this page as it is
        st.button(
            say("run_settings.to_origin", name=plain_text(start.name, longest=SHORT_NAME)),
            key="origin.open",
            icon=":material/arrow_forward:",
            on_click=go,
            args=("settings",),
            kwargs={"run": start.run, "epoch": "best"},
        )
    else:
        st.caption(say("run_settings.origin_gone"))
