"""A bell beside the running job: whether the browser notifies when a long run ends."""

import streamlit as st

from core import formatting as figures
from core.queue.queue import Overview
from core.runs.status import ACTIVE
from core.runs.store import Run
from core.text import say, shortened
from pages.shared.outcome import verdict_sentence
from pages.state.server_state import learning_curves
from pages.state.visitor import access
from pages.widgets.browser_script import loader

LONG_SECONDS = 60.0
_WATCHED, _ENDED = "bell.watched", "bell.ended"
_mount = st.components.v2.component(
    "bell", html='<button type="button" hidden></button>', js=loader("notification_bell")
)


def bell(runs: Overview) -> None:
    """Draw it while a run of the visitor's trains, and tell the browser which long one ended last.

    Call whenever the runs were read. The owner's runs are all.
    """
    training = runs.training
    if training is not None and not access().may_change(training):
        training = None
    watched = st.session_state.get(_WATCHED)
    ended = next((run for run in runs.runs if run.id == watched and run.status.state not in ACTIVE), None)
    if ended is not None and ended.status.seconds >= LONG_SECONDS:
        st.session_state[_ENDED] = _notice(ended)
    if training is not None or ended is not None:
        st.session_state[_WATCHED] = training.id if training is not None else ""
    if _WATCHED in st.session_state:
        words = {name: say(f"bell.{name}") for name in ("on", "off", "blocked")}
        data = {"shown": training is not None, "ended": st.session_state.get(_ENDED), "words": words}
        with st.container(key="bell.room", width="content"):
            _mount(key="bell", data=data, width="content")


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
