"""A run's cross-validation: start it, follow it, resume it."""

from collections.abc import Callable

import streamlit as st

from core import formatting as figures
from core.config.datasets import dataset_title
from core.errors import DigitLabError
from core.runs.cross_validation import plan
from core.runs.entries import Job, Run
from core.text import say
from pages.shared.fetching import missing_data, wait_for
from pages.shared.job_progress import job_progress, job_share
from pages.shared.run_controls import attempt
from pages.state.plain_text import plain_text
from pages.state.server_state import dataset, look
from pages.state.tick import ticking
from pages.state.visitor import access

_TICK_SECONDS = 1.0


def cross_validation(run: Run) -> None:
    """What can be done now: follow the job, resume one that ended early, or start one; else why not."""
    job = _job_of(run)
    if job is not None and job.in_use:
        ticking(_follow, _TICK_SECONDS)(job.id)
        return
    try:
        task = plan(run.folder, run.manifest, run.status)
    except DigitLabError as error:
        st.caption(plain_text(error.message))
        return
    name = run.manifest.config.dataset
    if dataset(name) is None:
        missing = say("cross_validation.no_data", name=plain_text(dataset_title(name)))
        wait_for(name, lambda status: missing_data(name, status, missing))
        return
    if job is not None:
        _ended(job)
        return
    seconds = (task.folds - 1) * task.epochs * run.status.seconds / max(run.status.epoch, 1)
    st.markdown(
        say("cross_validation.offer", folds=task.folds, time=figures.rough_duration(seconds)),
        help=say("cross_validation.help"),
    )
    _button("start", "fact_check", lambda: access().cross_validate(run), kind="primary")


def _job_of(run: Run) -> Job | None:
    """The run's waiting or active job, else the newest that ended early and that this visitor may resume."""
    jobs = [job for job in look().jobs if job.task.run == run.id]
    offered = [job for job in jobs if job.in_use] + [job for job in jobs if access().may_change(job)]
    return next(iter(offered), None)


def _follow(job_id: str) -> None:
    runs = look()
    job = next((job for job in runs.jobs if job.id == job_id), None)
    if job is None or not job.in_use:
        # finished, its result is the run's now; or it ended early
        st.rerun()
    mine = access().may_change(job)
    with st.container(horizontal=True, vertical_alignment="center", key="cross_validation.progress"):
        if job.status.state == "queued":
            before = [other.id for other in runs.waiting].index(job.id) + len(runs.active)
            st.progress(0.0, say("cross_validation.queued", count=before))
            if mine:
                _button("cancel", "close", lambda: access().cancel(job))
            return
        st.progress(job_share(job), job_progress(job))
        if mine and job.status.hangs():
            _button("end", "cancel", lambda: access().end(job))
        elif mine:
            _button("stop", "stop", lambda: access().ask(job, "stop"), disabled=job.folder.control.pending)


def _ended(job: Job) -> None:
    """A job that ended early, with its reason, to be resumed or discarded."""
    reason = job.status.message
    st.warning(plain_text(reason) if reason else say(f"watch.state.{job.status.state}"))
    with st.container(horizontal=True):
        _button("resume", "play_arrow", lambda: access().resume(job), kind="primary")
        _button("discard", "delete", lambda: access().delete(job))


def _button(
    name: str, icon: str, act: Callable[[], object], *, kind: str = "secondary", disabled: bool = False
) -> None:
    st.button(
        say(f"cross_validation.{name}"),
        key=f"cross_validation.{name}",
        icon=f":material/{icon}:",
        type="primary" if kind == "primary" else "secondary",
        disabled=disabled,
        on_click=attempt,
        args=(act,),
    )
