"""The training run in one line, on every page except Train."""

import streamlit as st

from core import formatting as figures
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS
from core.runs.store import Run
from core.text import say
from pages.shared.run_controls import ask
from pages.state.plain_text import plain_text
from pages.state.server_state import look
from pages.state.visitor import access

TICK_SECONDS = 1.0


def running_job(page: str) -> None:
    """The active run's progress, with buttons to watch and to stop it. Draws nothing on the Train page."""
    if page:
        busy = look().busy
        st.fragment(_line, run_every=TICK_SECONDS if busy else None)(busy)


def _line(was_busy: bool) -> None:
    runs = look()
    if runs.busy != was_busy:
        st.rerun()
    run = runs.active
    if run is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="job.line"):
        st.markdown(_sentence(run), width="content")
        if st.button(say("job.watch"), key="job.watch", icon=":material/visibility:", type="tertiary"):
            st.switch_page("pages/train/page.py", query_params={"run": run.id})
        if not access().may_change(run):
            return
        st.button(
            say("watch.stop"),
            key="job.stop",
            icon=":material/stop:",
            type="tertiary",
            disabled=run.folder.has_requests,
            on_click=ask,
            args=(run, "stop"),
        )


def _sentence(run: Run) -> str:
    config, status = run.manifest.config, run.status
    rows = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()
    left = status.seconds_left if status.state == "training" and not status.hangs() else None
    parts = [
        say("job.epoch", epoch=min(status.epoch + 1, config.epochs), epochs=config.epochs),
        *([figures.percent(rows[-1][EPOCH_COLUMNS.index("accuracy")])] if rows else []),
        *([] if left is None else [say("job.left", time=figures.duration(left))]),
    ]
    state = say(f"watch.state.{status.state}")
    return say("job.line", name=plain_text(run.name, longest=40), state=state, parts=" · ".join(parts))
