"""The list of all runs with its filter, columns and actions, and the runs selected in it or by a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.charts.run_colors import run_colors
from core.runs.entries import Run
from core.runs.listing import UNREADABLE, ListCache, RunRow, run_rows
from core.text import language, listed, say
from pages.runs.actions import actions
from pages.runs.column_choice import column_choice
from pages.runs.columns import columns
from pages.runs.sizes import sizes
from pages.runs.table import matching, run_table
from pages.runs.upload import run_opening
from pages.runs.view import RunsView
from pages.state.link_problems import link_problem
from pages.state.plain_text import plain_text
from pages.state.presentation import presenting
from pages.state.server_state import look
from pages.state.theme import colors
from pages.state.tick import ticking
from pages.state.url_state import change

TICK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """The selected runs in the order of selection, and the color of every run by its id."""

    rows: Sequence[RunRow]
    hues: Mapping[str, str]
    beside: DeltaGenerator
    """A place beside the list; as long as nothing is in it, the list takes all the width."""


def chosen_runs(view: RunsView) -> Chosen:
    """Show the list; returns what is selected in it."""
    rows = run_rows(look().entries, _cache(language()))
    by_id = {row.id: row for row in rows}
    linked = [run_id for run_id in view.runs.split(",") if run_id]
    if gone := [run_id for run_id in linked if run_id not in by_id]:
        link_problem(say("runs.gone", ids=plain_text(listed(gone), longest=120)))
    chosen = list(dict.fromkeys(run_id for run_id in linked if run_id in by_id))
    with st.container(horizontal=True, vertical_alignment="bottom", key="runs.tools"):
        words = _filter()
        names = column_choice(view, {tag for row in rows for tag in row.run.label.tags})
        if not presenting():
            run_opening(chosen, lambda run_id: change(runs=run_id))
    selected = [by_id[run_id] for run_id in chosen]
    hidden = len(set(chosen) - {row.id for row in matching(rows, words)})
    actions([row.run for row in selected], hidden, [row.run for row in rows])
    list_place, beside = st.columns([9, 16], gap="medium")
    if not rows:
        list_place.caption(say("run_list.none"))
        return Chosen([], {}, beside)
    hues = run_colors(
        _numbers(rows),
        [row.id for row in selected if row.state != UNREADABLE],
        colors(),
    )
    known = columns(sizes(rows) if "size" in names else {})
    if look().busy:
        ticking(_follow, TICK_SECONDS)(_states())
    with list_place, st.container(key="runs.list"):
        run_table(view, rows, {name: known[name] for name in names}, chosen, words, hues, select)
    return Chosen(selected, hues, beside)


def _states() -> list[tuple[str, str]]:
    """The runs in order, each with its state."""
    return [(run.id, run.status.state if isinstance(run, Run) else "") for run in look().entries]


def _follow(known: list[tuple[str, str]]) -> None:
    """Draw the page again when a run has come, gone or changed its state; what is selected and scrolled stays."""
    if _states() != known:
        st.rerun()


def select(ids: Sequence[str]) -> None:
    """Select exactly these runs; call from a callback."""
    change(runs=",".join(ids), epoch_a="best", epoch_b="best", diff_true=None, diff_predicted=None)


def _numbers(rows: Sequence[RunRow]) -> dict[str, int | None]:
    """The number of each run, which picks its color; the included examples, always the same, count up to the first."""
    included = [row.id for row in rows if row.run.shipped]
    return {row.id: row.number for row in rows} | {
        run_id: place for place, run_id in enumerate(included, -len(included))
    }


def _filter() -> str:
    words: str = st.text_input(
        say("run_list.filter"),
        key="runs.filter",
        type="search",
        live=True,
        icon=":material/search:",
        placeholder=say("run_list.filter_hint"),
        label_visibility="collapsed",
        persist_state="session",
    )
    return words


@st.cache_resource(show_spinner=False)
def _cache(tag: str) -> ListCache:  # noqa: ARG001 a list names networks in its language
    return ListCache()
