"""A bell beside the running job: whether the browser notifies when a long run ends."""

import streamlit as st

from core import formatting as figures
from core.analysis.label_quality import suspected
from core.errors import UnreadableRun
from core.queue.overview import Overview
from core.runs.entries import Job, Run
from core.runs.status import ACTIVE
from core.text import say, shortened
from pages.shared.outcome import verdict_sentence
from pages.state.server_state import learning_curves, out_of_sample
from pages.state.visitor import access
from pages.widgets.browser_script import loader

LONG_SECONDS = 60.0
_WATCHED, _ENDED = "bell.watched", "bell.ended"
"""The runs and jobs of the visitor's that were last seen to train, and what to announce about the last that ended."""
_mount = st.components.v2.component(
    "bell", html='<button type="button" hidden></button>', js=loader("notification_bell")
)


def bell(runs: Overview) -> None:
    """Draw it while a run or cross-validation of the visitor's trains, and tell the browser which long one ended last.

    Call whenever the runs were read. The owner's runs are all.
    """
    active = [run for run in runs.active if access().may_change(run)]
    watched: list[Run] = st.session_state.get(_WATCHED, [])
    gone = [run for run in watched if all(run.id != other.id for other in active)]
    ended = {run.id: now for run in gone if (now := _ended(runs, run)) is not None}
    for run in ended.values():
        if run.status.seconds >= LONG_SECONDS:
            notice = _cross_validated(runs, run) if isinstance(run, Job) else _notice(run)
            st.session_state[_ENDED] = notice or st.session_state.get(_ENDED)
    # a finished job is checked again until its result has been copied to its run
    still = [run for run in gone if run.id not in ended and isinstance(run, Job)]
    if active or watched:
        st.session_state[_WATCHED] = [*active, *still]
    if _WATCHED in st.session_state:
        words = {name: say(f"bell.{name}") for name in ("on", "off", "blocked")}
        data = {"shown": bool(active), "ended": st.session_state.get(_ENDED), "words": words}
        with st.container(key="bell.room", width="content"):
            _mount(key="bell", data=data, width="content")


def _ended(runs: Overview, watched: Run) -> Run | None:
    """What the watched run or job has become, once it has ended; a finished job, which is deleted, as it was last."""
    if isinstance(watched, Job):
        now = next((job for job in runs.jobs if job.id == watched.id), None)
        # its result is not yet its run's
        return watched if now is None else now if now.status.state not in (*ACTIVE, "finished") else None
    return next((run for run in runs.runs if run.id == watched.id and run.status.state not in ACTIVE), None)


def _cross_validated(runs: Overview, job: Job) -> dict[str, str] | None:
    """How many labels it suspects, or why it ended early; None if its run was deleted."""
    if job.status.state not in ACTIVE:
        state = say(f"watch.state.{job.status.state}").lower()
        title = say("bell.title", name=shortened(job.name, 40), state=state)
        return {"id": job.id, "title": title, "body": str(job.status.message or "")}
    run = next((run for run in runs.runs if run.id == job.task.run), None)
    try:
        found = None if run is None else out_of_sample(run)
    except UnreadableRun:
        found = None
    if run is None or found is None:
        return None
    suspects, of = len(suspected(found.answers)), len(found.answers)
    title = say("bell.cross_validated", name=shortened(run.name, 40))
    return {"id": job.id, "title": title, "body": say("bell.suspects", count=f"{suspects:,}", of=f"{of:,}")}


def _notice(run: Run) -> dict[str, str]:
    status = run.status
    values = {"name": shortened(run.name, 40), "state": say(f"watch.state.{status.state}").lower()}
    accuracy = status.test_accuracy
    title = (
        say("bell.title", **values)
        if accuracy is None
        else say("bell.accuracy", **values, accuracy=figures.percent(accuracy))
    )
    verdict = verdict_sentence(learning_curves(run).read(), status, run.manifest.config)
    return {"id": run.id, "title": title, "body": verdict or str(status.message or "")}
