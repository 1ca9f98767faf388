"""The table of runs: filtered, sorted, with groups in one row."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from core.charts.run_curves import letter
from core.config.datasets import dataset_title
from core.errors import DigitLabError
from core.runs.listing import UNREADABLE, RunRow, groups
from core.runs.manifest import Group
from core.sweeps.folder import KIND
from core.text import catalogue, say, shortened
from pages.runs.columns import NAME, NARROW, RunColumn
from pages.runs.view import RunsView
from pages.state.address import kept_parameters
from pages.state.page_links import RUN_PARAMETER, go
from pages.state.plain_text import plain_text
from pages.state.server_state import sweeps
from pages.state.url_state import change
from pages.widgets.row_table import Cell, Column, Row, row_table

MOST = 200
"""Runs and groups shown at first; the browser would draw a thousand slowly."""
_LONGEST_NAME = 60
"""Characters for which two lines of the column have room."""
_SHOWN, _JOINED = "runs.most", " · "
_UP = (NAME, "state", "network", "optimizer", "dataset", "tags", "note", "seed", "val_loss", "curve")
"""Columns that are first sorted from the lowest to the highest."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A run, or the runs of a group, with the row's id."""

    id: str
    rows: Sequence[RunRow]
    group: Group | None = None


def run_table(
    view: RunsView,
    rows: Sequence[RunRow],
    shown: Mapping[str, RunColumn],
    chosen: Sequence[str],
    words: str,
    hues: Mapping[str, str],
    on_choose: Callable[[list[str]], None],
) -> None:
    """Show the runs that have all these words, in these columns; `chosen` and `on_choose` as in `row_table`.

    `hues` has the color of each run by its id.
    """
    found = matching(rows, words)
    if not found:
        st.caption(say("run_list.none_found", words=plain_text(words, longest=60)))
        return
    entries = _sorted(_entries(found, groups(rows)), view, shown)
    # a group opens by itself where the filter or the selection is about its runs
    opened = {row.id for row in found} if words.strip() else set(chosen)
    most: int = st.session_state.setdefault(_SHOWN, MOST)
    readable = {row.id for row in rows if row.state != UNREADABLE}
    compared = [run_id for run_id in chosen if run_id in readable]
    # letters tell apart what is compared
    marks = {run_id: letter(place) for place, run_id in enumerate(compared)} if len(compared) > 1 else {}
    row_table(
        "runs.table",
        [_head(name, view, shown) for name in (NAME, *shown)],
        [row for entry in entries[:most] for row in _drawn(entry, shown, marks, hues, opened)],
        alt=say("run_list.alt"),
        chosen=chosen,
        on_choose=on_choose,
        on_open=_open,
        on_sort=lambda name: _sort(view, name),
        scroll_to=("runs-comparison", st.session_state.get("runs.compare", 0)),
    )
    if len(entries) > most:
        label = say("run_list.more", count=min(MOST, len(entries) - most))
        st.button(label, key="runs.more", type="tertiary", on_click=_show_more)


def matching(rows: Sequence[RunRow], words: str) -> list[RunRow]:
    """The runs with all these words in name, network, data set, optimizer, state, tags or note, ignoring case."""
    wanted = words.casefold().split()
    return [row for row in rows if not wanted or all(word in _texts(row) for word in wanted)]


def _texts(row: RunRow) -> str:
    config = row.config
    return " ".join(
        (
            *(row.run.name, row.network, say(f"run_list.state.{row.state}"), *row.run.label.tags, row.run.note),
            *((config.dataset, say(dataset_title(config.dataset)), config.optimizer) if config else ()),
        )
    ).casefold()


def _entries(rows: Sequence[RunRow], grouped: Mapping[str, Group]) -> list[_Entry]:
    """Runs and groups in the order of their first runs; of a group that the filter leaves one run of, just that."""
    members = defaultdict[Group, list[RunRow]](list)
    for row in rows:
        if row.id in grouped:
            members[grouped[row.id]].append(row)
    entries = dict[str, _Entry]()
    for row in rows:
        group = grouped.get(row.id)
        alone = group is None or len(members[group]) == 1
        if group is None or alone:
            entries[row.id] = _Entry(row.id, [row])
        else:
            name = f"{group.kind}:{group.id}"
            entries.setdefault(name, _Entry(name, members[group], group))
    return list(entries.values())


def _sorted(entries: list[_Entry], view: RunsView, shown: Mapping[str, RunColumn]) -> list[_Entry]:
    by = view.sorted_by
    if by is None or (by != NAME and by not in shown):
        return sorted(entries, key=lambda entry: not any(row.run.label.pinned for row in entry.rows))

    def rank(rows: Sequence[RunRow]) -> Any:
        return rows[0].run.name.casefold() if by == NAME else shown[by].rank(rows)

    def ordered(items: list[Any], rows_of: Callable[[Any], Sequence[RunRow]]) -> list[Any]:
        known = [item for item in items if rank(rows_of(item)) is not None]
        unknown = [item for item in items if rank(rows_of(item)) is None]
        return sorted(known, key=lambda item: rank(rows_of(item)), reverse=view.descending) + unknown

    within = [_Entry(each.id, ordered(list(each.rows), lambda row: [row]), each.group) for each in entries]
    return ordered(within, lambda entry: entry.rows)


def _head(name: str, view: RunsView, shown: Mapping[str, RunColumn]) -> Column:
    about = f"run_list.help.{name}"
    return Column(
        name,
        say(f"run_list.column.{name}"),
        kind="name" if name == NAME else shown[name].kind,
        help=say(about) if about in catalogue() else "",
        narrow=name in (NAME, *NARROW) or bool(view.columns),
        sorted="" if name != view.sorted_by else "descending" if view.descending else "ascending",
    )


def _drawn(
    entry: _Entry,
    shown: Mapping[str, RunColumn],
    marks: Mapping[str, str],
    hues: Mapping[str, str],
    opened: Collection[str],
) -> Iterator[Row]:
    """The row of a run; of a group, its own and those of its runs."""
    if entry.group is None:
        yield _run(entry.rows[0], shown, marks, hues)
        return
    name, hover = _group_names(entry.group, entry.rows)
    yield Row(
        id=entry.id,
        name=name,
        hover=hover,
        cells=[Cell(""), *(column.group_cell(entry.rows, entry.group.kind) for column in shown.values())],
        href=f"./sweep?{urlencode({'sweep': entry.group.id, **kept_parameters()})}" if entry.group.kind == KIND else "",
        badges=[say("run_list.group_runs", count=len(entry.rows))],
        group=True,
        open=any(row.id in opened for row in entry.rows),
    )
    for row in entry.rows:
        yield _run(row, shown, marks, hues, parent=entry.id)


def _run(
    row: RunRow, shown: Mapping[str, RunColumn], marks: Mapping[str, str], hues: Mapping[str, str], parent: str = ""
) -> Row:
    run = row.run
    badges = {"pinned": run.label.pinned, "included": run.shipped, "opened": run.opened}
    return Row(
        id=row.id,
        name=shortened(run.name, _LONGEST_NAME),
        cells=[Cell(""), *(column.cell(row) for column in shown.values())],
        href="" if row.state == UNREADABLE else f"./run?{urlencode({RUN_PARAMETER: row.id, **kept_parameters()})}",
        hover=run.name,
        color=hues[row.id],
        mark=marks.get(row.id, ""),
        badges=[say(f"run_list.badge.{name}") for name, has in badges.items() if has],
        parent=parent,
    )


def _group_names(group: Group, rows: Sequence[RunRow]) -> tuple[str, str]:
    """What a group varies, with the network if all have the same; and with the data set too."""
    if group.kind == KIND and (name := _sweep_name(group.id)):
        return shortened(name, _LONGEST_NAME), name
    known = f"run_list.group.{group.kind}"
    networks = {row.network for row in rows}
    datasets = {row.config.dataset for row in rows if row.config}
    short = [say(known if known in catalogue() else "run_list.group.other"), *(networks if len(networks) == 1 else ())]
    long = [*short, *(say(dataset_title(name)) for name in datasets if len(datasets) == 1)]
    return _JOINED.join(short), _JOINED.join(long)


def _sweep_name(sweep_id: str) -> str:
    """The name of a sweep; empty where it was deleted."""
    try:
        return sweeps().find(sweep_id).worded_name
    except DigitLabError:
        return ""


def _sort(view: RunsView, name: str) -> None:
    """Sort by a column, a second time the other way round, a third time not at all; figures begin with the highest."""
    first = name not in _UP
    if view.sorted_by != name:
        change(sorted_by=name, descending=first)
    elif view.descending == first:
        change(descending=not first)
    else:
        change(sorted_by=None, descending=False)


def _open(row_id: str) -> None:
    kind, colon, sweep = row_id.partition(":")
    if colon and kind == KIND:
        go("sweep", sweep=sweep)
    else:
        go("curves", run=row_id, epoch="best")


def _show_more() -> None:
    st.session_state[_SHOWN] += MOST
