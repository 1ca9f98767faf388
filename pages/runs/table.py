"""The table of all runs, with filter, grouping by seed, and selection."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.runs.listing import TableCache, runs_table, seed_groups
from core.runs.store import SHORT_NAME, AnyRun
from core.text import say, shortened
from pages.state.plain_text import plain_text
from pages.state.visitor_time import zone

_TICKS = "runs.ticks"
_SHARES = ("val_accuracy", "test_accuracy", "spread")
_RUN_COLUMNS = (
    *("name", "test_accuracy", "state", "val_accuracy", "val_loss", "network", "dataset", "epochs", "best_epoch"),
    *("parameters", "seconds", "seed", "created", "note", "shipped"),
)
_GROUP_COLUMNS = (
    *("network", "test_accuracy", "spread", "seeds", "runs", "val_accuracy"),
    *("dataset", "parameters", "seconds", "newest", "created"),
)


@dataclass(slots=True)
class Ticks:
    """The ids of the selected runs in the order of selection, whichever rows are shown."""

    chosen: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    """The run ids in each row."""
    version: int = 0
    """Grows when the rows change, so that a late click never selects a different row in the same place."""

    def show(self, rows: list[tuple[str, ...]]) -> None:
        """Replace the rows."""
        if rows != self.rows:
            self.rows, self.version = rows, self.version + 1

    def choose(self, ids: Sequence[str]) -> None:
        """Select exactly these runs."""
        if list(ids) != self.chosen:
            self.chosen, self.version = list(ids), self.version + 1

    @property
    def positions(self) -> list[int]:
        """The positions of rows whose runs are all selected."""
        return [place for place, ids in enumerate(self.rows) if set(ids) <= set(self.chosen)]

    def tick(self, positions: Sequence[int]) -> None:
        """Select the rows at these positions and no other shown row; hidden runs stay as they are."""
        before = set(self.positions)
        gone = {run_id for place in before - set(positions) for run_id in self.rows[place]}
        come = [run_id for place in positions if place not in before for run_id in self.rows[place]]
        self.chosen = list(dict.fromkeys([run_id for run_id in self.chosen if run_id not in gone] + come))

    @property
    def seen(self) -> list[str]:
        """The selected runs that are in a shown row."""
        shown = {run_id for ids in self.rows for run_id in ids}
        return [run_id for run_id in self.chosen if run_id in shown]


def run_table(runs: Sequence[AnyRun], chosen: Sequence[str], on_choose: Callable[[list[str]], None]) -> list[str]:
    """Show the table with its filter; returns the ids of the selected runs shown, in the order of selection.

    `chosen` sets the selection, and `on_choose` gets it when the visitor changes it.
    """
    if not runs:
        st.caption(say("run_list.none"))
        return []
    table = runs_table(runs, _cache(), zone())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            say("run_list.filter"),
            key="runs.filter",
            type="search",
            live=True,
            icon=":material/search:",
            placeholder=say("run_list.filter_hint"),
            label_visibility="collapsed",
            persist_state="session",
        )
        grouped = st.toggle(say("run_list.by_seed"), key="runs.by_seed", persist_state="session")
    found = matching(_shown(table), words)
    ticks = _ticks()
    ticks.choose([run_id for run_id in chosen if run_id in table.index])
    if found.empty:
        ticks.show([])
        st.caption(say("run_list.none_found", words=plain_text(words, longest=60)))
        return []
    if grouped:
        found = seed_groups(table.loc[found.index])
        ticks.show(list(found["ids"]))
    else:
        ticks.show([(run_id,) for run_id in found.index])
    # between the fields and the table, whose toolbar covers whatever is above it
    st.caption(_count(len(found), len(table), ticks, grouped=grouped), help=say("run_list.keys"))
    if not found.empty:
        _rows(found, ticks, _GROUP_COLUMNS if grouped else _RUN_COLUMNS, on_choose)
    return ticks.seen


def matching(table: pd.DataFrame, words: str) -> pd.DataFrame:
    """The rows with all these words in name, network, data set, state or note, ignoring case."""
    wanted = words.casefold().split()
    texts = zip(*(table[column] for column in ("name", "network", "dataset", "state", "note")), strict=True)
    return table[[all(word in text for word in wanted) for text in (" ".join(row).casefold() for row in texts)]]


@st.cache_resource(show_spinner=False)
def _cache() -> TableCache:
    return TableCache()


def _ticks() -> Ticks:
    ticks: Ticks = st.session_state.setdefault(_TICKS, Ticks())
    return ticks


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    """The table with each state as a word with an icon."""
    return table.assign(state=[say(f"run_list.state.{state}") for state in table["state"]])


def _rows(found: pd.DataFrame, ticks: Ticks, columns: tuple[str, ...], on_choose: Callable[[list[str]], None]) -> None:
    key = f"runs.table.{ticks.version}"
    if key not in st.session_state:
        st.session_state[key] = {"selection": {"rows": ticks.positions}}
    percent = {name: 100 * found[name] for name in _SHARES if name in columns}
    names = {
        name: [shortened(text, SHORT_NAME) for text in found[name]] for name in ("name", "newest") if name in columns
    }
    st.dataframe(
        found.assign(**percent, **names)[list(columns)],
        key=key,
        hide_index=True,
        column_config={name: _column(name) for name in columns},
        placeholder="–",
        on_select=partial(_ticked, key, on_choose),
        selection_mode="multi-row",
        alt=say("run_list.alt"),
    )


def _ticked(key: str, on_choose: Callable[[list[str]], None]) -> None:
    ticks = _ticks()
    ticks.tick(st.session_state[key]["selection"]["rows"])
    on_choose(ticks.chosen)


def _column(name: str) -> Any:
    label, columns = say(f"run_list.column.{name}"), st.column_config
    match name:
        case "name":
            return columns.TextColumn(label, width=260, pinned=True)
        case "newest" | "note":
            return columns.TextColumn(label, width="medium")
        case "state":
            return columns.TextColumn(label, width=115)
        case "val_loss":
            return columns.LineChartColumn(label, width="small", color="gray", help=say("run_list.curve_help"))
        case "val_accuracy" | "test_accuracy":
            return columns.NumberColumn(label, format="%.2f %%")
        case "spread":
            return columns.NumberColumn(label, format="± %.2f", help=say("run_list.spread_help"))
        case "seconds":
            return columns.NumberColumn(label, format="%.1f s")
        case "parameters":
            return columns.NumberColumn(label, format="%,d")
        case "created":
            return columns.DatetimeColumn(label, format="DD MMM HH:mm")
        case "shipped":
            return columns.CheckboxColumn(label, help=say("run_list.shipped_help"))
        case _:
            return columns.Column(label)


def _count(rows: int, runs: int, ticks: Ticks, *, grouped: bool) -> str:
    count = say("run_list.groups" if grouped else "run_list.runs", count=rows, of=runs)
    hidden = len(ticks.chosen) - len(ticks.seen)
    chosen = say("run_list.chosen", count=len(ticks.seen)) if ticks.seen else say("run_list.none_chosen")
    return " · ".join([count, chosen, *([say("run_list.hidden", count=hidden)] if hidden else [])])
