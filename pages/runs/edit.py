"""Rename, annotate, pin or delete a run."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.errors import DigitLabError
from core.runs.folder import NAME_LENGTH, NOTE_LENGTH
from core.runs.store import AnyRun, DamagedRun
from core.text import clause, say
from pages.state.plain_text import plain_text
from pages.state.visitor import access
from pages.widgets.confirmation import confirm_deletion


def run_edit(run: AnyRun, *, on_delete: Callable[[], None] | None = None) -> None:
    """Fields for name and note, and Delete with a confirmation; an included run says why it has none.

    `on_delete` is called in the callback that deleted the run.
    """
    if run.shipped:
        st.caption(say("run_list.shipped", name=plain_text(run.name)))
        return
    if not access().may_change(run):
        st.caption(say("sharing.somebodys"))
        return
    if isinstance(run, DamagedRun):
        st.warning(say("run_list.unreadable", reason=plain_text(clause(run.problem))), icon=":material/broken_image:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if run.opened:
            st.caption(say("run_list.opened"))
        else:
            _words(run)
        if access().may_pin():
            _pin(run)
        if st.button(
            say("run_list.delete"),
            key=f"run_edit.delete.{run.id}",
            icon=":material/delete:",
            disabled=run.in_use,
            help=say("run_list.in_use", name=plain_text(run.name)) if run.in_use else None,
        ):
            confirm_deletion(
                say("run_list.really"),
                say("run_list.loses", name=plain_text(run.name)),
                "run_edit",
                say("run_list.keep"),
                say("run_list.delete_now"),
                partial(_delete, run, on_delete),
            )


def _words(run: AnyRun) -> None:
    st.text_input(
        say("run_list.name"),
        max_chars=NAME_LENGTH,
        placeholder=run.first_name,
        width=300,
        **_bound("name", run, run.label.name),
    )
    st.text_area(
        say("run_list.note"),
        max_chars=NOTE_LENGTH,
        placeholder=say("run_list.note_hint"),
        height=70,
        **_bound("note", run, run.label.note),
    )


def _pin(run: AnyRun) -> None:
    key = f"run_edit.pin.{run.id}"
    st.session_state[key] = run.label.pinned
    st.toggle(say("run_list.pin"), key=key, help=say("run_list.pin_help"), on_change=_keep, args=(run, key))


def _delete(run: AnyRun, on_delete: Callable[[], None] | None) -> None:
    if _try(lambda: access().delete(run)) and on_delete:
        on_delete()


def _keep(run: AnyRun, key: str) -> None:
    _try(lambda: access().pin(run, pinned=st.session_state[key]))


def _bound(field: str, run: AnyRun, value: str) -> dict[str, Any]:
    """Key and callback for a field that shows the stored text, even after another page changed it."""
    key, seen = f"run_edit.{field}.{run.id}", f"run_edit.{field}.seen.{run.id}"
    if key not in st.session_state or st.session_state.get(seen) != value:
        st.session_state[key] = st.session_state[seen] = value
    return {"key": key, "on_change": _write, "args": (field, run, key, seen)}


def _write(field: str, run: AnyRun, key: str, seen: str) -> None:
    text = st.session_state[key]
    change = access().rename if field == "name" else access().annotate
    if _try(lambda: change(run, text)):
        # show it as stored: on one line, and cut if too long
        st.session_state.pop(seen, None)


def _try(act: Callable[[], None]) -> bool:
    try:
        act()
    except DigitLabError as error:
        st.toast(plain_text(error.message), icon=":material/error:")
        return False
    return True
