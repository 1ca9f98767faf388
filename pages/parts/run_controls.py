"""Stop, pause, go on, another learning rate: what a person can ask of a run."""

import streamlit as st

from core import figures
from core.config import LADDER
from core.errors import DigitLabError
from core.runs.folder import Manifest
from core.runs.status import ACTIVE, RESUMABLE, Status
from core.runs.store import Run
from core.words import say
from pages.parts.resources import queue


def run_controls(run: Run, manifest: Manifest, status: Status) -> None:
    """The run's name and, in one row, the buttons that its state allows."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_plain(manifest.name)}** · {figures.moment(manifest.created)}", width="stretch")
        if status.state in ("training", "paused"):
            _steer(run, status)
        elif status.state in RESUMABLE and not run.shipped:
            _button("resume_run", "play_arrow", lambda: queue().resume(run.id))
    if status.state in ACTIVE and any(run.folder.control.glob("*.json")):
        st.caption(say("watch.asked"))


def _steer(run: Run, status: Status) -> None:
    paused = status.state == "paused"
    with st.popover(say("watch.rate", rate=figures.rate(status.learning_rate or 0)), icon=":material/speed:"):
        rates = sorted({*LADDER, status.learning_rate or LADDER[0]})
        chosen = st.select_slider(
            say("watch.new_rate"),
            rates,
            value=status.learning_rate or LADDER[0],
            format_func=figures.rate,
            key=f"watch.rate.{status.learning_rate}",
        )
        _button("apply_rate", "check", lambda: run.folder.ask("learning_rate", float(chosen)))
    if paused:
        _button("resume", "play_arrow", lambda: run.folder.ask("resume"))
    else:
        _button("pause", "pause", lambda: run.folder.ask("pause"))
    _button("stop", "stop", lambda: run.folder.ask("stop"))


def _button(name: str, icon: str, act: object) -> None:
    st.button(say(f"watch.{name}"), key=f"watch.{name}", icon=f":material/{icon}:", on_click=_try, args=(act,))


def _try(act: object) -> None:
    try:
        act()  # type: ignore[operator]
    except (DigitLabError, OSError) as error:
        st.toast(str(error) if isinstance(error, DigitLabError) else say("watch.not_possible"))


def _plain(text: str) -> str:
    """A name as text, whatever Markdown it contains, and not longer than a line."""
    short = text if len(text) <= 60 else f"{text[:59]}…"
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>()#+-.!|~$:&" else c for c in short.replace("\n", " "))
