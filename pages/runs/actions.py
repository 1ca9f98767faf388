"""What can be done with the selected runs, however many: compare, rename, tag, pin, download, delete."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.bundle.format import ENDED, ENDING
from core.bundle.write import bundle, bundles
from core.runs.entries import AnyRun, DamagedRun
from core.runs.folder import RunFolder
from core.text import Message, say, sentences
from pages.runs.label import rename_popover, tag_popover
from pages.runs.undo import undo
from pages.runs.view import RunsView
from pages.shared.file_name import file_stem
from pages.shared.made_file import problem_of, reporting, tell
from pages.shared.run_controls import attempt
from pages.state.plain_text import plain_text
from pages.state.url_state import change, view_now
from pages.state.visitor import access
from pages.widgets.confirmation import confirm_deletion

MANY = 10
"""From this many runs on, deleting asks first."""


def actions(runs: Sequence[AnyRun], hidden: int, everything: Sequence[AnyRun]) -> None:
    """One bar for the selection, `hidden` runs of which the filter leaves out; `everything` has all tags in use.

    What the visitor may not do with all of them is disabled, and the bar says why.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="runs.actions"):
        st.markdown(_count(len(runs), hidden, len(everything)), width="content")
        if runs:
            reasons = {name: reason for name, find in _REASONS.items() if (reason := find(runs))}
            _compare()
            if len(runs) == 1:
                rename_popover(runs[0], reasons.get("rename"))
            tag_popover(runs, everything, reasons.get("tag"))
            _pin(runs, reasons.get("pin"))
            _download(runs, reasons.get("download"))
            _delete_button(runs, hidden, reasons.get("delete"))
            st.button(say("run_list.clear"), key="runs.clear", type="tertiary", on_click=change, kwargs={"runs": ""})
        undo()
        if runs and reasons:
            # in the bar, or the list would move at the first selection
            st.caption(sentences(plain_text(reason) for reason in dict.fromkeys(reasons.values())), width="stretch")


def _count(chosen: int, hidden: int, everything: int) -> str:
    if not chosen:
        return say("run_list.none_chosen", count=everything)
    count = say("run_list.chosen", count=chosen, of=everything)
    return say("run_list.and_hidden", chosen=count, count=hidden) if hidden else count


def _foreign(runs: Sequence[AnyRun]) -> Message | None:
    """Which run the visitor may not change, and why."""
    for run in runs:
        if run.shipped:
            return Message("run_list.shipped", name=run.short_name)
        if not access().may_change(run):
            return Message("run_list.somebodys", name=run.short_name)
    return None


def _unpinnable(runs: Sequence[AnyRun]) -> Message | None:
    return _foreign(runs) or (None if access().may_pin() else Message("run_list.owner_pins"))


def _undeletable(runs: Sequence[AnyRun]) -> Message | None:
    busy = next((run for run in runs if run.in_use), None)
    return _foreign(runs) or (Message("run_list.in_use", name=busy.short_name) if busy else None)


def _unpackable(runs: Sequence[AnyRun]) -> Message | None:
    for run in runs:
        if isinstance(run, DamagedRun):
            return Message("run_list.unreadable", name=run.short_name, reason=run.problem)
        if run.status.state not in ENDED:
            return Message("bundles.not_ended", name=run.short_name, state=Message(f"runs.state.{run.status.state}"))
    return None


def _unnamable(runs: Sequence[AnyRun]) -> Message | None:
    if len(runs) > 1:
        return None
    return _foreign(runs) or (Message("sharing.opened", name=runs[0].short_name) if runs[0].opened else None)


_REASONS: dict[str, Callable[[Sequence[AnyRun]], Message | None]] = {
    "rename": _unnamable,
    "tag": _foreign,
    "pin": _unpinnable,
    "download": _unpackable,
    "delete": _undeletable,
}


def _compare() -> None:
    st.button(say("run_list.compare"), key="runs.compare_button", icon=":material/compare_arrows:", on_click=_scroll)


def _scroll() -> None:
    st.session_state["runs.compare"] = st.session_state.get("runs.compare", 0) + 1


def _pin(runs: Sequence[AnyRun], reason: Message | None) -> None:
    pinned = all(run.label.pinned for run in runs)
    st.button(
        say("run_list.unpin" if pinned else "run_list.pin"),
        key="runs.pin",
        icon=":material/keep_off:" if pinned else ":material/keep:",
        disabled=reason is not None,
        help=say("run_list.pin_help"),
        on_click=attempt,
        args=(partial(_pin_all, runs, pinned=not pinned),),
    )


def _pin_all(runs: Sequence[AnyRun], *, pinned: bool) -> None:
    for run in runs:
        access().pin(run, pinned=pinned)


def _download(runs: Sequence[AnyRun], reason: Message | None) -> None:
    problem = problem_of("runs.download")
    one = runs[0] if len(runs) == 1 else None
    make: Callable[[], bytes]
    if one is not None:
        name, make = f"{file_stem(one)}{ENDING}", lambda: bundle(one.folder)
    else:
        name, make = say("run_list.archive", count=len(runs)), lambda: bundles(packed(runs))
    st.download_button(
        say("run_list.download"),
        data=reporting(make, problem),
        file_name=name,
        mime="application/zip",
        key="runs.download",
        icon=":material/download:",
        help=say("run_list.download_help" if one else "run_list.download_many_help"),
        on_click="ignore",
        disabled=reason is not None,
    )
    tell(problem)


def packed(runs: Sequence[AnyRun]) -> dict[str, RunFolder]:
    """The folder of each run by the name of its file; of the same names, the later ones have the run's id."""
    named = dict[str, RunFolder]()
    for run in runs:
        stem = file_stem(run)
        named[f"{stem}{ENDING}" if f"{stem}{ENDING}" not in named else f"{stem}-{run.id}{ENDING}"] = run.folder
    return named


def _delete_button(runs: Sequence[AnyRun], hidden: int, reason: Message | None) -> None:
    """Delete at once, since it can be undone; ask where more goes than a person may have in view."""
    pinned = sum(run.label.pinned for run in runs)
    asks = pinned > 0 or hidden > 0 or len(runs) >= MANY
    pressed = st.button(
        say("run_list.delete"),
        key="runs.delete",
        icon=":material/delete:",
        disabled=reason is not None,
        on_click=None if asks else _delete,
        args=None if asks else (runs,),
    )
    if pressed and asks:
        about = [
            say("run_list.loses", count=len(runs)),
            *([say("run_list.loses_pinned", count=pinned)] if pinned else []),
            *([say("run_list.loses_hidden", count=hidden)] if hidden else []),
        ]
        confirm_deletion(
            say("run_list.really", count=len(runs)),
            sentences(about),
            "runs.confirm",
            say("run_list.keep"),
            say("run_list.delete"),
            partial(_delete, runs),
        )


def _delete(runs: Sequence[AnyRun]) -> None:
    gone = {run.id for run in runs}

    def delete() -> None:
        access().set_aside(runs)
        change(runs=",".join(run_id for run_id in view_now(RunsView).runs.split(",") if run_id not in gone))

    attempt(delete)
