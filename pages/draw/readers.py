"""The models that read a drawing: one run at any of its epochs, and further runs to compare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.array_types import Floats
from core.data.datasets import Dataset
from core.errors import DigitLabError
from core.inference.classifier import Classifier, Epoch, load
from core.inference.reading import READS_DRAWINGS
from core.runs.entries import AnyRun, DamagedRun, Run
from core.runs.epochs import nearest_epoch
from core.runs.exposure import exposure
from core.runs.status import ACTIVE
from core.runs.weights import weighted_epochs
from core.text import Message, clause, listed, say
from pages.draw.source import tested_digits
from pages.draw.view import DrawView
from pages.shared.offered_runs import offered_runs
from pages.state.plain_text import plain_text
from pages.state.server_state import look

MOST_OTHERS = 5
_BESIDE = ("cnn-16-36", "mlp-512")
"""The included runs to compare with, a CNN and an MLP, besides the visitor's newest run."""


@dataclass(frozen=True)
class Model:
    """A run's network after an epoch, loaded."""

    run: Run
    classifier: Classifier

    @property
    def epoch(self) -> int:
        return self.classifier.epoch


@dataclass(frozen=True)
class Readers:
    """The usable runs by id, the ids of the first and the others to compare, and their loaded models."""

    runs: Mapping[str, Run]
    first: str
    others: tuple[str, ...]
    models: tuple[Model, ...]
    epochs: tuple[int, ...]
    """The epochs of the first run that can be chosen."""
    problems: tuple[str, ...]
    """A sentence for each requested run that cannot be used."""
    damaged: tuple[str, ...]
    """Names of the damaged runs."""
    other_data: str
    """The newest run that no drawing fits; empty if there is none."""
    not_offered: str | None
    """A sentence about the usable runs that the pickers leave out."""

    @property
    def by_name(self) -> list[tuple[str, Callable[[Floats], Floats]]]:
        """The models by name, to read the kept drawings with."""
        return [(model.run.name, model.classifier.probabilities) for model in self.models]


def readers(view: DrawView) -> Readers:
    """The models that this view asks for; an unusable one is reported and the others still load."""
    overview = look()
    offered = offered_runs([run for run in overview.runs if _may_read(run)], _linked(view))
    runs = {run.id: run for run in offered.runs}
    apart = next((run.id for run in overview.runs if not _takes_drawings(run) and run.status.epoch), "")
    damaged = tuple(run.name for run in overview.entries if isinstance(run, DamagedRun))
    problems = [_missing(run_id, overview.entries) for run_id in _linked(view) if run_id not in runs]
    if not runs:
        return Readers(runs, "", (), (), (), tuple(problems), damaged, apart, offered.others)
    first = view.model if view.model in runs else _default(list(runs.values()), tested_digits(view))
    models, epochs, unusable = [], weighted_epochs(runs[first].folder), dict[str, list[str]]()
    try:
        models.append(_chosen(view, runs[first], epochs))
        epochs = tuple(sorted({*epochs, models[0].epoch}))
        if view.model in ("", first) and view.model_epoch not in ("best", "last", models[0].epoch):
            problems.append(say("looking.no_epoch", wanted=view.model_epoch, epoch=models[0].epoch))
    except DigitLabError as error:
        unusable[clause(error.message)] = [runs[first].name]
    others: list[str] = []
    for run_id in (run_id for run_id in _candidates(view, runs) if run_id != first):
        if len(others) == (len(_BESIDE) + 1 if view.others == "auto" else MOST_OTHERS):
            break
        try:
            models.append(_model(runs[run_id], "best"))
        except DigitLabError as error:
            unusable.setdefault(clause(error.message), []).append(runs[run_id].name)
            if view.others == "auto":
                continue
        others.append(run_id)
    problems += [_unusable(names, reason) for reason, names in unusable.items()]
    return Readers(runs, first, tuple(others), tuple(models), epochs, tuple(problems), damaged, apart, offered.others)


def learned_from(run: Run, digits: Dataset) -> bool:
    """Whether the run was trained on this data set's test digits."""
    return exposure(run.manifest, digits) == "learned"


def _linked(view: DrawView) -> list[str]:
    others = [] if view.others in ("auto", "none") else view.others.split(",")
    return list(dict.fromkeys(run_id for run_id in (view.model, *others) if run_id))


def _candidates(view: DrawView, runs: Mapping[str, Run]) -> list[str]:
    if view.others != "auto":
        return [run_id for run_id in _linked(view) if run_id in runs]
    own = [run_id for run_id, run in runs.items() if not run.shipped]
    shipped = [run_id for run_id in _BESIDE if run_id in runs and runs[run_id].shipped]
    return [*own[:1], *shipped, *own[1:MOST_OTHERS]]


def _missing(run_id: str, everyone: Sequence[AnyRun]) -> str:
    """Why a run that the link names is not used."""
    run = next((run for run in everyone if run.id == run_id), None)
    if run is None:
        return say("models.not_here", id=plain_text(run_id, longest=60))
    if isinstance(run, Run) and not _takes_drawings(run):
        return _unusable([run.name], clause(Message("models.other_data")))
    return _unusable([run.name], clause(run.problem if isinstance(run, DamagedRun) else Message("models.no_epoch_yet")))


def _unusable(names: Sequence[str], reason: str) -> str:
    """One sentence for all runs with the same reason."""
    shown = listed(plain_text(name, longest=60) for name in names)
    return say("models.unusable", name=shown, reason=plain_text(reason))


def _may_read(run: Run) -> bool:
    if not _takes_drawings(run) or not run.manifest.has_network:
        return False
    status = run.status
    # a run that has just started has no network yet, and should not be reported as unusable
    begun = status.state in ACTIVE and (run.folder.path / "network.tflite").exists() and weighted_epochs(run.folder)
    return status.epoch > 0 or bool(begun)


def _takes_drawings(run: Run) -> bool:
    return run.manifest.config.data.takes_drawings


def _default(runs: Sequence[Run], digits: Dataset | None) -> str:
    """The run to read with first; for test digits, one that was not trained on them."""
    fair = [run for run in runs if digits is None or not learned_from(run, digits)] or runs
    named = next((run for run in fair if run.shipped and run.id == READS_DRAWINGS), None)
    best = max(fair, key=lambda run: run.status.test_accuracy or 0.0)
    return (named or best).id


def _chosen(view: DrawView, run: Run, epochs: tuple[int, ...]) -> Model:
    """The run's model at the view's epoch, or the nearest stored one."""
    if not epochs or view.model_epoch == "best" or view.model not in ("", run.id):
        return _model(run, "best")
    best = run.status.best_epoch
    # the best epoch's model is kept even if only some epochs' weights are
    stored = tuple(sorted({*epochs, *([] if best is None else [best])}))
    return _model(run, nearest_epoch(view.model_epoch, stored, best)[0])


def _model(run: Run, epoch: Epoch) -> Model:
    stamp = (run.status.state, run.status.epoch, run.status.best_epoch)
    return Model(run, _load(str(run.folder.path), stamp, epoch, run))


@st.cache_resource(max_entries=12, show_spinner=False)
def _load(path: str, stamp: tuple[object, ...], epoch: Epoch, _run: Run) -> Classifier:  # noqa: ARG001 the key
    return load(_run.folder, epoch)
