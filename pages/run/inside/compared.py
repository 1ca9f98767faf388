"""The runs whose answers are laid beside those of the run that is looked into."""

from dataclasses import dataclass

import streamlit as st

from core import formatting as figures
from core.charts.robustness import MOST_LINES
from core.config.layers import Pooling
from core.errors import DigitLabError
from core.inference.classifier import Classifier
from core.runs.epochs import nearest_epoch
from core.runs.predictions import dataset_of
from core.runs.store import Run
from core.runs.weights import weighted_epochs
from core.text import say
from pages.run.inside.head import Inside, network
from pages.state.plain_text import plain_text
from pages.state.server_state import look
from pages.state.url_state import bound
from pages.state.view import View

FIRST = ("mlp-512", "cnn-16-36")
"""Shipped runs that a run of the other kind is laid beside before any other."""


@dataclass(frozen=True, eq=False)
class Compared:
    """A run with its network; `name` is its own among those compared."""

    run: Run
    classifier: Classifier
    name: str

    @property
    def pools(self) -> bool:
        return any(isinstance(row.layer, Pooling) for row in self.classifier.table)


def compared(inside: Inside, view: View) -> list[Compared]:
    """The shown run first, then those chosen in a picker: at first, one that comes with the product and is of the
    other kind. What cannot be compared is told and left out.
    """
    readable = [run for run in look().runs if run.manifest and run.status and weighted_epochs(run.folder)]
    by_id = {run.id: run for run in readable if run.id != inside.run.id}
    offered = {run_id: run for run_id, run in by_id.items() if test_digits(run) == test_digits(inside.run)}
    wanted = [run_id for run_id in dict.fromkeys(view.runs.split(",")) if run_id and run_id != inside.run.id]
    if gone := [run_id for run_id in wanted if run_id not in by_id]:
        st.caption(say("robustness.gone", ids=plain_text(", ".join(gone), longest=120)))
    for run_id in wanted:
        if run_id in by_id and run_id not in offered:
            run = by_id[run_id]
            st.caption(say("robustness.other_data", name=plain_text(run.name), dataset=test_digits(run)))
    chosen = [run_id for run_id in wanted if run_id in offered] if view.runs else _other_kind(inside, offered)
    if more := chosen[MOST_LINES - 1 :]:
        st.caption(say("robustness.too_many", count=len(more)))
        chosen = chosen[: MOST_LINES - 1]
    labels = {run_id: _label(run) for run_id, run in offered.items()}
    st.multiselect(
        say("robustness.runs"),
        list(offered),
        format_func=labels.__getitem__,
        max_selections=MOST_LINES - 1,
        help=say("robustness.runs_help"),
        **bound(
            "runs",
            chosen,
            first="default",
            options=list(offered),
            # nobody beside it is a choice too
            then=lambda ids: {"runs": ",".join(ids) or inside.run.id},
        ),
    )
    networks = [(inside.run, inside.classifier)]
    for run_id in chosen:
        run = offered[run_id]
        assert run.status is not None
        try:
            epoch, _ = nearest_epoch("best", weighted_epochs(run.folder), run.status.best_epoch)
            networks.append((run, network(run, epoch)[0]))
        except DigitLabError as error:
            reason = plain_text(str(error).rstrip("."))
            st.caption(say("robustness.unreadable", name=plain_text(run.name), reason=reason))
    names = [run.name for run, _ in networks]
    return [
        Compared(run, classifier, run.name if names.count(run.name) == 1 else f"{run.name} {run.id[-6:]}")
        for run, classifier in networks
    ]


def test_digits(run: Run) -> str:
    """The data set whose test digits a run answers."""
    assert run.manifest is not None
    return dataset_of(run.manifest.config, "test")


def _label(run: Run) -> str:
    """Short, since several stand side by side."""
    accuracy = figures.percent(run.status.test_accuracy if run.status else None)
    own = "" if run.shipped else f" · {run.id[-6:]}"
    return say("robustness.run", name=run.name, accuracy=accuracy) + own


def _other_kind(inside: Inside, offered: dict[str, Run]) -> list[str]:
    kind = inside.classifier.config.network.kind
    others = [
        run_id
        for run_id, run in offered.items()
        if run.shipped and run.manifest and run.manifest.config.network.kind != kind
    ]
    return sorted(others, key=lambda run_id: run_id not in FIRST)[:1]
