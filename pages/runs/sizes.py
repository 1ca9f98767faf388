"""The disk space of the listed runs, measured in the background: of a thousand runs it takes seconds."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.runs.disk import DiskUses
from core.runs.entries import Run
from core.runs.listing import RunRow
from pages.state.background import ready, submit
from pages.state.server_state import store


def sizes(rows: Sequence[RunRow]) -> Mapping[str, int]:
    """Bytes of each run's files by its id; those known so far, until the page reruns with all of them."""
    # a run that trains is measured again after each epoch
    runs = tuple(row.run for row in rows if isinstance(row.run, Run))
    key = ("sizes", store().changes, tuple((run.id, run.status.state, run.status.epoch) for run in runs))
    answer = submit(key, lambda: _measured(runs))
    return answer.result() if ready(answer) else dict(_known())


def _measured(runs: Sequence[Run]) -> Mapping[str, int]:
    uses, known = _uses(), _known()
    for run in runs:
        known[run.id] = uses.of(run).total
    return dict(known)


@st.cache_resource(show_spinner=False)
def _uses() -> DiskUses:
    return DiskUses()


@st.cache_resource(show_spinner=False)
def _known() -> dict[str, int]:
    return {}
