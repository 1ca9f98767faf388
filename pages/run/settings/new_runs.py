"""The runs that can begin with this one: again, with other seeds, for more epochs, or from one of its epochs."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from core.config.links import config_to_query
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.runs.beginning import Beginning, again, more_seeds
from core.runs.entries import SHORT_NAME, Run
from core.text import Message, say
from pages.run.settings.fork import fork_popover, longer_popover
from pages.state.page_links import go, page_link
from pages.state.plain_text import plain_text
from pages.state.rights import limits
from pages.state.server_state import look
from pages.state.visitor import access

DOUBLE_CLICK_SECONDS = 1.0
SEEDS = 3
_KEY = "new_runs.pressed"


@dataclass(slots=True)
class _Pressed:
    """The last press: its button, run and time, what it began or why it did not, and how many there were."""

    number: int = 0
    button: str = ""
    run_id: str = ""
    when: float = 0.0
    begun: list[str] = field(default_factory=list)
    problem: Message | None = None


@st.fragment
def new_runs(run: Run) -> None:
    """Buttons that begin new runs, and a way to those just begun."""
    st.subheader(say("new_runs.title"), anchor=False, help=say("new_runs.help"))
    problem = _beyond_limits(run.manifest.config)
    with st.container(horizontal=True, vertical_alignment="center"):
        _button("again", "replay", lambda: [again(run)], run, disabled=problem is not None)
        _button("seeds", "casino", lambda: more_seeds(run, look().runs, SEEDS), run, disabled=problem is not None)
        # a new button after each press, since an open popover covers what it began
        number = _pressed().number
        longer_popover(run, partial(_begin, run, "longer"), number)
        fork_popover(run, partial(_begin, run, "fork"), number)
        # with the data set, whichever is the form's default here
        settings = config_to_query(run.manifest.config, default_dataset="")
        page_link("train", say("new_runs.to_form"), icon="edit_note", parameters=settings)
    if problem:
        st.caption(plain_text(problem))
    _told(run)


def _button(name: str, icon: str, make: Callable[[], Sequence[Beginning]], run: Run, *, disabled: bool) -> None:
    st.button(
        say(f"new_runs.{name}"),
        key=f"new_runs.{name}",
        icon=f":material/{icon}:",
        disabled=disabled,
        on_click=_begin,
        args=(run, name, make),
    )


def _beyond_limits(config: RunConfig) -> Message | None:
    """Why this visitor may not train with these settings, or None."""
    try:
        limits().check(config)
    except DigitLabError as error:
        return error.message
    return None


def _begin(run: Run, button: str, make: Callable[[], Sequence[Beginning]]) -> None:
    """Queue the runs and note them, or why they were refused; the second press of a double click does nothing."""
    pressed = _pressed()
    if (pressed.button, pressed.run_id) == (button, run.id) and time.monotonic() - pressed.when < DOUBLE_CLICK_SECONDS:
        return
    begun, problem = list[str](), None
    try:
        begun = access().begin(make())
    except DigitLabError as error:
        problem = error.message
    st.session_state[_KEY] = _Pressed(pressed.number + 1, button, run.id, time.monotonic(), begun, problem)


def _told(run: Run) -> None:
    """What the last press began, with a link to each run, or why it did not."""
    pressed = _pressed()
    if pressed.run_id != run.id:
        return
    if pressed.problem:
        st.error(plain_text(pressed.problem), icon=":material/error:")
        return
    known = {other.id: other for other in look().runs}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(say("new_runs.begun"), width="content")
        for new in (known[new_id] for new_id in pressed.begun if new_id in known):
            # no link, which would leave the address of this page as it is
            if st.button(
                plain_text(new.name, longest=SHORT_NAME),
                key=f"new_runs.open.{new.id}",
                icon=":material/arrow_forward:",
                type="tertiary",
            ):
                go("curves", run=new.id, epoch="best")
                st.rerun()


def _pressed() -> _Pressed:
    pressed: _Pressed = st.session_state.setdefault(_KEY, _Pressed())
    return pressed
