"""A run's name, note and tags, which the user gives it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.runs.entries import AnyRun
from core.runs.label import MOST_TAGS, NAME_LENGTH, NOTE_LENGTH, tag_word
from core.text import Message, say
from pages.shared.run_controls import attempt
from pages.state.visitor import access


def rename_popover(run: AnyRun, reason: Message | None) -> None:
    """Fields for a run's name and note; `reason` says why the visitor may not change them."""
    with st.popover(
        say("run_list.rename"),
        icon=":material/edit:",
        key=f"runs.rename.{run.id}",
        disabled=reason is not None,
        width="content",
    ):
        st.text_input(
            say("run_list.name"),
            max_chars=NAME_LENGTH,
            placeholder=run.first_name,
            width=320,
            **_bound("name", run, run.label.name),
        )
        st.text_area(
            say("run_list.note"),
            max_chars=NOTE_LENGTH,
            placeholder=say("run_list.note_hint"),
            height=90,
            **_bound("note", run, run.label.note),
        )


def tag_popover(runs: Sequence[AnyRun], everything: Sequence[AnyRun], reason: Message | None) -> None:
    """A field for the tags that all these runs have: adding or removing one does so for each of them."""
    common = [tag for tag in runs[0].label.tags if all(tag in run.label.tags for run in runs)]
    known = sorted({tag for run in everything for tag in run.label.tags}, key=str.casefold)
    # a new field where the tags differ from those that it shows
    key = f"runs.tags.{abs(hash((*(run.id for run in runs), *common)))}"
    with st.popover(
        say("run_list.tag"), icon=":material/label:", key="runs.tag", disabled=reason is not None, width="content"
    ):
        st.multiselect(
            say("run_list.tags") if len(runs) == 1 else say("run_list.tags_of", count=len(runs)),
            [*known, *(tag for tag in common if tag not in known)],
            default=common,
            accept_new_options=True,
            max_selections=MOST_TAGS,
            placeholder=say("run_list.tags_hint"),
            key=key,
            width=320,
            on_change=_tag,
            args=(runs, common, key),
        )


def _tag(runs: Sequence[AnyRun], before: Sequence[str], key: str) -> None:
    if key not in st.session_state:
        return
    now = [word for tag in st.session_state[key] if (word := tag_word(tag))]
    gone = set(before) - set(now)
    for run in runs:
        kept = [tag for tag in run.label.tags if tag not in gone]
        attempt(partial(access().tag, run, [*kept, *now]))


def _bound(field: str, run: AnyRun, value: str) -> dict[str, Any]:
    """Key and callback for a field that shows the stored text, even after another page changed it."""
    key, seen = f"runs.{field}.{run.id}", f"runs.{field}.seen.{run.id}"
    if key not in st.session_state or st.session_state.get(seen) != value:
        st.session_state[key] = st.session_state[seen] = value
    return {"key": key, "on_change": _write, "args": (field, run, key, seen)}


def _write(field: str, run: AnyRun, key: str, seen: str) -> None:
    if key not in st.session_state:
        return
    text = st.session_state[key]

    def write() -> None:
        (access().rename if field == "name" else access().annotate)(run, text)
        # from now on shown as stored: on one line, and cut if too long
        st.session_state.pop(seen, None)

    attempt(write)
