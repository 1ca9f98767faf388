"""The run to show: from the link, the picker, or the one in training."""

import streamlit as st

from core.queue.overview import Overview
from core.runs.entries import AnyRun, DamagedRun, Run
from core.text import say
from pages.shared.offered_runs import as_option, offered_runs, told_apart
from pages.state.address import imply
from pages.state.language import key_for_labels
from pages.state.page_links import RUN_PARAMETER, show_run
from pages.state.plain_text import plain_text
from pages.state.visitor_time import moment
from pages.train.form_state import form_choice
from pages.train.tutorial import is_open
from pages.widgets.note import note

_EXAMPLE_FOR = "watch.example_for"


def run_picker(overview: Overview) -> AnyRun | None:
    """The run to show, or None if there are none; choosing one puts it in the URL."""
    runs = {run.id: run for run in overview.entries}
    if not runs:
        return None
    linked = _linked(overview)
    if linked is not None and linked not in runs:
        note(say("watch.not_here", id=plain_text(linked, longest=60)))
    wanted = linked if linked in runs else _newest(overview)
    # one key per run: a rerun before the browser has the widget would read its first option as chosen
    key = key_for_labels(f"watch.run.{wanted}")
    labels = told_apart(offered_runs(overview.entries, [wanted]).runs, _label)
    ids = list(labels)
    chosen = st.selectbox(
        say("watch.run"),
        ids,
        index=ids.index(wanted),
        key=key,
        format_func=lambda run_id: as_option(labels[run_id]),
        on_change=_choose,
        args=(key,),
        label_visibility="collapsed",
    )
    imply("train", run=chosen)
    return runs[chosen]


def older_runs(overview: Overview, shown: AnyRun | None) -> None:
    """Say where to find the runs that the picker leaves out."""
    others = offered_runs(overview.entries, [shown.id] if shown else []).others
    if others:
        st.caption(others)


def _choose(key: str) -> None:
    # else the picker is gone, which the browser did not know as it sent what it shows
    if key in st.session_state and not is_open():
        show_run(st.session_state[key])


def _linked(overview: Overview) -> str | None:
    """The run in the URL; before anything was trained, a choice of another preset in the form removes it."""
    choice = form_choice()
    before = st.session_state.get(_EXAMPLE_FOR, choice)
    st.session_state[_EXAMPLE_FOR] = choice
    if choice != before and all(run.shipped for run in overview.entries):
        st.query_params.pop(RUN_PARAMETER, None)
    return st.query_params.get(RUN_PARAMETER)


def _newest(overview: Overview) -> str:
    """The first run in training, else the newest readable one; before anything was trained, the form's example."""
    if overview.training:
        return overview.training[0].id
    if overview.runs and overview.only_examples:
        return _example(overview.runs).id
    return (overview.runs or overview.entries)[0].id


def _example(runs: list[Run]) -> Run:
    """The included run of the preset in the form, on its data set if there is one."""
    preset, dataset = form_choice()

    def likeness(run: Run) -> tuple[bool, bool]:
        return run.manifest.config.preset == preset, run.manifest.config.dataset == dataset

    return max(runs, key=likeness)


def _label(run: AnyRun) -> str:
    """What stays the same during training, because Streamlit identifies an option by its label."""
    if isinstance(run, DamagedRun):
        return say("watch.label_unreadable", id=run.id)
    if run.shipped:
        return say("watch.label_shipped", name=run.name)
    return say("watch.label", name=run.name, time=moment(run.manifest.created))
