"""The head of a sweep's page: its name, how far it is, and what can be done with it."""

from collections.abc import Callable, Sequence

import streamlit as st

from core import formatting as figures
from core.errors import DigitLabError
from core.sweeps.folder import Listed, TrialRecord
from core.sweeps.sweep import Sweep
from core.text import fitted, say
from pages.state.page_links import go, page_link
from pages.state.plain_text import plain_text
from pages.state.server_state import sweeps
from pages.state.visitor import sweep_access

_LONGEST_NAME = 60
"""Columns that one line has room for beside the buttons; on a phone, the name takes several lines."""
MORE = 10
"""The trials that one click adds."""


def head(found: Listed, sweep: Sweep | None, records: Sequence[TrialRecord]) -> None:
    """Draw the name, a line on the state, and the buttons for those who may change the sweep."""
    with st.container(horizontal=True, vertical_alignment="center", key="sweep.head"):
        # as on the page of a run
        with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="run.title"):
            page_link("runs", say("pages.runs"))
            st.title(plain_text(fitted(found.worded_name, _LONGEST_NAME)), anchor=False)
        if sweep_access().may_change(found):
            _buttons(found)
    if sweep is None:
        return
    ended = [record for record in records if record.state != "running" and not record.again]
    counted = [record for record in ended if record.state != "untrainable"]
    total = min(sweep.most_trials, max(sweep.trials, len(counted)))
    busy = found.is_active or found.is_due
    if busy:
        st.progress(min(1.0, len(counted) / total))
    st.caption(" · ".join(_facts(found, sweep, ended, len(counted), total)))
    if found.status.message and not busy:
        st.info(plain_text(found.status.message), icon=":material/info:")
    elif found.is_due and (other := _driven()) is not None:
        st.info(say("sweep_page.waits", name=plain_text(other.worded_name)), icon=":material/hourglass:")


def _facts(found: Listed, sweep: Sweep, ended: Sequence[TrialRecord], count: int, total: int) -> list[str]:
    states = {name: sum(record.state == name for record in ended) for name in ("pruned", "diverged", "failed")}
    skipped = sum(record.state == "untrainable" for record in ended)
    seconds = found.status.seconds
    facts = [
        say(f"sweep_page.state.{found.status.state}"),
        say("sweep_page.trials", count=f"{count:,}", total=f"{total:,}"),
    ]
    facts += [say(f"sweep_page.count.{name}", count=number) for name, number in states.items() if number]
    facts += [say("sweep_page.count.untrainable", count=skipped)] if skipped else []
    facts += [figures.duration(seconds)] if seconds else []
    if found.is_active and 0 < count < total:
        facts.append(say("sweep_page.left", time=figures.rough_duration(seconds / count * (total - count))))
    return [*facts, say(f"options.sweep_sampler.{sweep.sampler}"), say(f"options.sweep_pruner.{sweep.pruner}")]


def _driven() -> Listed | None:
    return next((each for each in sweeps().all() if each.is_active), None)


def _buttons(found: Listed) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", width="content", gap="small"):
        busy = found.is_active or found.is_due
        pausing = found.folder.files.control.pending
        if found.is_active:
            _button("pause", "pause", found, sweep_access().pause, disabled=pausing)
        if busy:
            _button("stop", "stop", found, sweep_access().stop, disabled=pausing)
            return
        if found.sweep is not None:
            if found.status.state != "finished":
                _button("resume", "play_arrow", found, sweep_access().go_on)
            _button("more", "add", found, lambda sweep: sweep_access().go_on(sweep, MORE))
        with st.popover(say("sweep_page.delete"), icon=":material/delete:", type="tertiary"):
            st.caption(say("sweep_page.delete_what"))
            _button("delete_now", "delete", found, sweep_access().delete, then="runs")


def _button(
    name: str, icon: str, found: Listed, act: Callable[[Listed], None], *, disabled: bool = False, then: str = ""
) -> None:
    label = say(f"sweep_page.{name}", count=MORE) if name == "more" else say(f"sweep_page.{name}")
    st.button(
        label,
        key=f"sweep.{name}",
        icon=f":material/{icon}:",
        disabled=disabled,
        on_click=_act,
        args=(act, found.id, then),
    )


def _act(act: Callable[[Listed], None], sweep_id: str, then: str) -> None:
    try:
        act(sweeps().find(sweep_id))
    except (DigitLabError, OSError) as error:
        reason = error.message if isinstance(error, DigitLabError) else str(error)
        st.toast(plain_text(reason), icon=":material/error:")
        return
    if then:
        go(then)
