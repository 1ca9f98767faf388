"""The trials of a sweep, the best first; a click on one opens its run."""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from core.runs.manifest import RUN_ID
from core.sweeps.folder import Listed, TrialRecord
from core.sweeps.sweep import Sweep
from core.sweeps.variation import label
from core.text import clause, say
from pages.state.address import kept_parameters
from pages.state.page_links import RUN_PARAMETER, go, page_link
from pages.state.server_state import look
from pages.sweep.scores import score_text, value_text
from pages.widgets.row_table import Cell, Column, Row, row_table

MOST = 100
"""Trials shown at first."""
_SHOWN, _CHOSEN = "sweep.most", "sweep.chosen"


def trial_table(found: Listed, sweep: Sweep, records: Sequence[TrialRecord]) -> None:
    """Draw the table; nothing before the first trial."""
    trials = [record for record in records if not record.again]
    if not trials:
        return
    sign = -1 if sweep.objective == "val_accuracy" else 1
    ordered = sorted(trials, key=lambda each: (not each.scores, sign * each.scores[0] if each.scores else -each.number))
    names = [each.name for each in sweep.varied]
    columns = [
        Column("trial", say("sweep_page.column.trial"), kind="name"),
        *(Column(name, say(f"options.sweep_metric.{name}"), kind="number", narrow=True) for name in sweep.metrics),
        *(Column(name, say(label(name)), kind="number") for name in names),
        Column("epochs", say("fields.epochs"), kind="number"),
        Column("state", say("sweep_page.column.state")),
        Column("reason", say("sweep_page.column.reason"), kind="note"),
    ]
    most: int = st.session_state.setdefault(_SHOWN, MOST)
    chosen: list[str] = st.session_state.get(_CHOSEN, [])
    if len(chosen) > 1:
        parameters = {"runs": ",".join(chosen)}
        page_link("runs", say("sweep_page.compare_chosen", count=len(chosen)), icon="table_rows", parameters=parameters)
    here = {run.id for run in look().runs}
    row_table(
        "sweep.trials",
        columns,
        [_row(record, sweep, names, here) for record in ordered[:most]],
        alt=say("sweep_page.table", name=found.worded_name),
        chosen=chosen,
        on_choose=_choose,
        on_open=lambda run: go("curves", run=run, epoch="best"),
        on_sort=lambda name: None,  # noqa: ARG005 the best is first
    )
    if len(ordered) > most:
        st.button(say("sweep_page.show_more", count=min(MOST, len(ordered) - most)), key="sweep.show_more",
                  type="tertiary", on_click=_show_more)  # fmt: skip


def _row(record: TrialRecord, sweep: Sweep, names: Sequence[str], here: set[str]) -> Row:
    run = record.runs[0] if record.runs and record.runs[0] in here else ""
    scores = dict(zip(sweep.metrics, record.scores, strict=False))
    return Row(
        id=run or f"trial-{record.number}",
        name=say("sweep_page.trial", number=record.number),
        href=f"./run?{urlencode({RUN_PARAMETER: run, **kept_parameters()})}" if run else "",
        cells=[
            Cell(""),
            *(Cell(score_text(name, scores[name])) if name in scores else Cell() for name in sweep.metrics),
            *(Cell(value_text(name, record.values.get(name))) for name in names),
            Cell(str(record.epochs)) if record.epochs else Cell(),
            Cell(say(f"sweep_page.trial_state.{record.state}")),
            Cell(clause(record.reason) if record.reason else ""),
        ],
    )


def _choose(ids: list[str]) -> None:
    st.session_state[_CHOSEN] = [run for run in ids if RUN_ID.fullmatch(run) and not run.startswith("trial-")]


def _show_more() -> None:
    st.session_state[_SHOWN] += MOST
