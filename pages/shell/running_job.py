"""A running job and the length of the queue, in the same place on every page."""

import streamlit as st

from core import formatting as figures
from core.queue.overview import Overview
from core.runs.curves import CurveReader
from core.runs.entries import Job, Run
from core.runs.folder import EPOCH_COLUMNS
from core.runs.status import ACTIVE
from core.text import say
from pages.shared.job_progress import job_progress
from pages.shared.run_controls import ask
from pages.shell.bell import bell
from pages.state.page_links import link_of, page_link
from pages.state.plain_text import plain_text
from pages.state.server_state import look
from pages.state.tick import ticking
from pages.state.visitor import access
from pages.widgets.announcement import announce

TICK_SECONDS = 1.0
_LONGEST_NAME = 24
"""Characters; a laptop has little room beside the epoch and the time left, and cuts the name further."""
_SPOKEN = "job.spoken"


def running_job() -> None:
    """Draw the slot: a training run's progress, and Stop for those who may change it; empty if nothing trains."""
    busy = look().busy
    with st.container(key="job.slot"):
        ticking(_line, TICK_SECONDS if busy else None)(busy)


def _line(was_busy: bool) -> None:
    runs = look()
    if runs.busy != was_busy:
        st.rerun()
    announce("job", _news(runs))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="job.line"):
        bell(runs)
        if not runs.busy:
            return
        run = _shown(runs)
        if run is not None:
            # the second in place of the first on a phone
            for key, label in (("whole", _sentence(run)), ("short", say("job.short", **_epochs(run)))):
                with st.container(key=f"job.{key}", width="content"):
                    page_link("run", label, parameters=link_of(run))
        if len(runs.active) > 1:
            st.caption(say("at_once.others", count=len(runs.active) - 1), width="content")
        if runs.waiting:
            st.caption(say("job.waiting", count=len(runs.waiting)), width="content")
        if run is not None and access().may_change(run):
            st.button(
                say("watch.stop"),
                key="job.stop",
                icon=":material/stop:",
                type="tertiary",
                disabled=run.folder.control.pending,
                on_click=ask,
                args=(run, "stop"),
            )


def _shown(runs: Overview) -> Run | None:
    """The first run that trains, of the visitor's if one does."""
    return next((run for run in runs.active if access().may_change(run)), runs.active[0] if runs.active else None)


def _news(runs: Overview) -> str:
    """What became of the run that trains or trained last, in words that change only with its state."""
    shown = _shown(runs)
    spoken = shown.id if shown else st.session_state.get(_SPOKEN)
    st.session_state[_SPOKEN] = spoken
    run = next((run for run in (*runs.runs, *runs.jobs) if run.id == spoken), None)
    if run is None:
        return ""
    accuracy = run.status.test_accuracy if run.status.state not in ACTIVE else None
    return say(
        "announcements.job" if accuracy is None else "announcements.job_tested",
        name=run.name,
        state=say(f"watch.state.{run.status.state}"),
        accuracy=figures.percent(accuracy),
    )


def _sentence(run: Run) -> str:
    if isinstance(run, Job):
        return say(
            "cross_validation.line", name=plain_text(run.name, longest=_LONGEST_NAME), progress=job_progress(run)
        )
    status = run.status
    rows = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()
    left = status.seconds_left if status.state == "training" and not status.hangs() else None
    parts = [
        say("job.epoch", **_epochs(run)),
        *([figures.percent(rows[-1][EPOCH_COLUMNS.index("accuracy")])] if rows else []),
        *([] if left is None else [say("job.left", time=figures.rough_duration(left))]),
    ]
    if status.state != "training":
        parts.insert(0, say(f"watch.state.{status.state}"))
    return say("job.line", name=plain_text(run.name, longest=_LONGEST_NAME), parts=" · ".join(parts))


def _epochs(run: Run) -> dict[str, int]:
    """The epoch that trains, and how many there are."""
    epochs = run.task.folds * run.task.epochs if isinstance(run, Job) else run.manifest.config.epochs
    return {"epoch": min(run.status.epoch + 1, epochs), "epochs": epochs}
