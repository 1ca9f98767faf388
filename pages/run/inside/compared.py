"""The runs that the shown run is compared with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import streamlit as st

from core import formatting as figures
from core.charts.robustness import MOST_LINES
from core.config.poolings import Pooling
from core.errors import DigitLabError
from core.inference.classifier import Classifier
from core.runs.entries import Run
from core.runs.epochs import nearest_epoch
from core.runs.predictions import dataset_of
from core.runs.weights import weighted_epochs
from core.text import clause, listed, say
from pages.run.inside.head import Inside
from pages.run.inside.view import InsideView
from pages.shared.networks import Stamp, network, weights_stamp
from pages.shared.offered_runs import told_apart
from pages.state.plain_text import plain_text
from pages.state.server_state import look
from pages.state.url_state import bound

FIRST = ("mlp-512", "cnn-16-36")
"""The shipped runs, one without pooling and one with it, that a run of the other kind is compared with first."""


@dataclass(frozen=True, eq=False)
class Compared:
    """A run with its network; `name` is unique among those compared."""

    run: Run
    classifier: Classifier
    name: str

    @property
    def stamp(self) -> Stamp:
        return weights_stamp(self.run.folder, self.classifier.epoch)

    @property
    def pools(self) -> bool:
        return any(isinstance(row.layer, Pooling) for row in self.classifier.table)


@dataclass(frozen=True)
class Choice:
    """The runs that can be compared with the shown one, by id; the chosen ones; and those of the link left out."""

    offered: dict[str, Run]
    chosen: list[str]
    unknown: list[str]
    other_digits: list[Run]
    too_many: int


def choose(runs: Sequence[Run], shown: Run, asked: str) -> Choice:
    """Sort a link's comma-separated ids.

    An empty link chooses a shipped run that has pooling where this one has none, or the reverse.
    """
    by_id = {run.id: run for run in runs if run.id != shown.id}
    offered = {run_id: run for run_id, run in by_id.items() if test_digits(run) == test_digits(shown)}
    wanted = [run_id for run_id in dict.fromkeys(asked.split(",")) if run_id and run_id != shown.id]
    chosen = [run_id for run_id in wanted if run_id in offered] if asked else _other_kind(shown, offered)
    return Choice(
        offered,
        chosen[: MOST_LINES - 1],
        unknown=[run_id for run_id in wanted if run_id not in by_id],
        other_digits=[by_id[run_id] for run_id in wanted if run_id in by_id.keys() - offered.keys()],
        too_many=len(chosen[MOST_LINES - 1 :]),
    )


def compared(inside: Inside, view: InsideView) -> list[Compared]:
    """The shown run first, then those chosen in a picker; captions name what is left out."""
    readable = [run for run in look().runs if weighted_epochs(run.folder)]
    choice = choose(readable, inside.run, view.runs)
    _note_left_out(choice)
    _picker(choice, inside.run)
    networks = [(inside.run, inside.classifier), *_networks(choice)]
    names = told_apart([run for run, _ in networks])
    return [Compared(run, classifier, names[run.id]) for run, classifier in networks]


def _note_left_out(choice: Choice) -> None:
    if choice.unknown:
        st.caption(say("robustness.gone", ids=plain_text(listed(choice.unknown), longest=120)))
    for run in choice.other_digits:
        st.caption(say("robustness.other_data", name=plain_text(run.name), dataset=test_digits(run)))
    if choice.too_many:
        st.caption(say("robustness.too_many", count=choice.too_many))


def _picker(choice: Choice, shown: Run) -> None:
    labels = told_apart(choice.offered.values(), _label)
    st.multiselect(
        say("robustness.runs"),
        list(labels),
        format_func=labels.__getitem__,
        max_selections=MOST_LINES - 1,
        help=say("robustness.runs_help"),
        **bound(
            "runs",
            choice.chosen,
            first="default",
            options=list(labels),
            # the shown run's id means that no other is chosen
            then=lambda ids: {"runs": ",".join(ids) or shown.id},
        ),
    )


def _networks(choice: Choice) -> Iterator[tuple[Run, Classifier]]:
    for run in map(choice.offered.__getitem__, choice.chosen):
        try:
            epoch, _ = nearest_epoch("best", weighted_epochs(run.folder), run.status.best_epoch)
            yield run, network(run, epoch)[0]
        except DigitLabError as error:
            reason = plain_text(clause(error.message))
            st.caption(say("robustness.unreadable", name=plain_text(run.name), reason=reason))


def test_digits(run: Run) -> str:
    """The data set whose test digits a run predicts."""
    return dataset_of(run.manifest.config, "test")


def _label(run: Run) -> str:
    """Short, since the picker shows several side by side."""
    return say("robustness.run", name=run.short_name, accuracy=figures.percent(run.status.test_accuracy))


def _pools(run: Run) -> bool:
    return any(isinstance(layer, Pooling) for layer in run.manifest.config.network.hidden_layers)


def _other_kind(shown: Run, offered: dict[str, Run]) -> list[str]:
    others = [run_id for run_id, run in offered.items() if run.shipped and _pools(run) != _pools(shown)]
    return sorted(others, key=lambda run_id: run_id not in FIRST)[:1]
