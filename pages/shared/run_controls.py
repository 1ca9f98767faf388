"""The controls of a run: stop, pause, resume, change the learning rate."""

import math
from collections.abc import Callable

import streamlit as st

from core import formatting as figures
from core.errors import DigitLabError
from core.runs.entries import Run
from core.runs.retry import gentler
from core.runs.status import ACTIVE, RESUMABLE, Status
from core.text import say
from pages.state.page_links import show_run
from pages.state.plain_text import plain_text
from pages.state.visitor import access

RATES = (*(float(f"{step}e-{power}") for power in range(6, 0, -1) for step in (1, 3)), 1.0)
"""The learning rates on the slider: fixed, so that a schedule does not move the slider during use."""


def run_controls(run: Run) -> None:
    """The buttons that the run's state allows, if this visitor may change the run."""
    status = run.status
    if not access().may_change(run):
        if not run.shipped and status.state in ACTIVE:
            st.caption(say("sharing.somebodys"))
        return
    pending = _pending(run)
    if status.hangs():
        _button("end", "cancel", lambda: access().end(run), text=say("faults.end"))
    elif status.state == "starting":
        _button("stop", "stop", lambda: access().ask(run, "stop"), disabled=pending)
    elif status.state in ("training", "paused"):
        _steer(run, disabled=pending)
    elif status.state in RESUMABLE and run.manifest.trained_here:
        _resume_or_retry(run)


def steered(run: Run) -> tuple[object, ...]:
    """Everything that the controls depend on."""
    status = run.status
    return status.state, status.hangs(), _pending(run), figures.rate(_rate(status)), status.exploded is not None


def _pending(run: Run) -> bool:
    return run.status.state in ACTIVE and run.folder.control.pending


def _rate(status: Status) -> float:
    return status.learning_rate or RATES[0]


def _resume_or_retry(run: Run) -> None:
    """Buttons that resume a run, or retry it more gently if its loss became NaN, as it would at the same batch."""
    status = run.status
    if status.exploded is not None:
        config = gentler(run.manifest.config, status)
        text = say("watch.retry", rate=figures.rate(config.learning_rate))
        _button("retry", "replay", lambda: show_run(access().start(config)), text=text)
    if not run.opened and (status.exploded is None or status.rate_by_hand is not None):
        _button("resume_run", "play_arrow", lambda: access().resume(run))


def _steer(run: Run, *, disabled: bool) -> None:
    """The controls of a training run; disabled until the worker has taken the last request."""
    key, rate = f"watch.rate.{run.id}", _rate(run.status)
    nearest = min(RATES, key=lambda other: abs(math.log(other / rate)))
    with st.popover(say("watch.rate", rate=figures.rate(rate)), icon=":material/speed:"):
        st.select_slider(say("watch.new_rate"), RATES, value=nearest, format_func=figures.rate, key=key)
        _button("apply_rate", "check", lambda: access().ask(run, "learning_rate", float(st.session_state[key])))
    if run.status.state == "paused":
        _button("resume", "play_arrow", lambda: access().ask(run, "resume"), disabled=disabled)
    else:
        _button("pause", "pause", lambda: access().ask(run, "pause"), disabled=disabled)
    _button("stop", "stop", lambda: access().ask(run, "stop"), disabled=disabled)


def ask(run: Run, command: str) -> None:
    """Send a request to the run's worker; a toast reports failure. Call from a callback."""
    attempt(lambda: access().ask(run, command))


def _button(name: str, icon: str, act: Callable[[], None], *, disabled: bool = False, text: str = "") -> None:
    st.button(
        text or say(f"watch.{name}"),
        key=f"watch.{name}",
        icon=f":material/{icon}:",
        disabled=disabled,
        on_click=attempt,
        args=(act,),
    )


def attempt(act: Callable[[], object]) -> None:
    """Change a run; a toast reports failure. Call from a callback."""
    try:
        act()
    except (DigitLabError, OSError) as error:
        st.toast(plain_text(error.message) if isinstance(error, DigitLabError) else say("watch.not_possible"))
