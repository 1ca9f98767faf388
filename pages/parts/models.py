"""Which networks read a drawing: one at any of its epochs, and others beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.errors import DigitLabError
from core.inference.classifier import Classifier, Floats, load
from core.runs.status import ACTIVE
from core.runs.store import Run
from core.runs.weights import weighted_epochs
from core.view import View, nearest_epoch
from core.words import say
from pages.parts.looking import bound
from pages.parts.plain_text import plain_text
from pages.parts.resources import queue
from pages.parts.run_head import run_label

DEFAULT = "handwriting"
"""The run to read drawings with, where there is one of this name."""

MOST_OTHERS = 5
_BESIDE = 2


@dataclass(frozen=True)
class Model:
    """A run's network after an epoch, ready to read."""

    run: Run
    epoch: int
    classifier: Classifier


def models(view: View) -> list[Model]:
    """Pickers for the networks, and those that can be used, the chosen one first; what cannot be is named."""
    runs = {run.id: run for run in queue().look().runs if _may_read(run)}
    if not runs:
        st.info(say("models.none"), icon=":material/search_off:")
        return []
    if view.model and view.model not in runs:
        st.warning(say("looking.not_here", id=plain_text(view.model, longest=60)))
    first = view.model if view.model in runs else _first(list(runs.values())).id
    labels = {run_id: run_label(run) for run_id, run in runs.items()}
    st.selectbox(
        say("models.model"),
        list(runs),
        format_func=labels.__getitem__,
        **bound(
            "model",
            first,
            first="index",
            options=list(runs),
            labels=list(labels.values()),
            then=lambda run_id: {"model": run_id, "model_epoch": "best"},
        ),
    )
    wanted = [(runs[first], _epoch(view, runs[first]))]
    others = _others(view, first, list(runs))
    rest = [run_id for run_id in runs if run_id != first]
    if rest:
        st.multiselect(
            say("models.others"),
            rest,
            format_func=labels.__getitem__,
            max_selections=MOST_OTHERS,
            **bound(
                "others",
                others,
                first="default",
                options=rest,
                labels=[labels[run_id] for run_id in rest],
                then=lambda ids: {"others": ",".join(ids) or "none"},
            ),
        )
    wanted += [(runs[run_id], None) for run_id in others]
    return [model for run, epoch in wanted if (model := _model(run, epoch)) is not None]


def readers_of_collection(view: View) -> list[tuple[str, Callable[[Floats], Floats]]]:
    """The same networks by name, for one's own drawings."""
    runs = {run.id: run for run in queue().look().runs if _may_read(run)}
    if not runs:
        return []
    first = view.model if view.model in runs else _first(list(runs.values())).id
    chosen = [first, *_others(view, first, list(runs))]
    found = [model for run_id in chosen if (model := _model(runs[run_id], None)) is not None]
    return [(model.run.name, model.classifier.probabilities) for model in found]


@st.cache_resource(max_entries=12, show_spinner=False)
def _load(path: str, stamp: tuple[object, ...], epoch: int | None, _run: Run) -> Classifier:  # noqa: ARG001 the key
    return load(_run.folder, "best" if epoch is None else epoch)


def _model(run: Run, epoch: int | None) -> Model | None:
    assert run.status is not None
    stamp = (run.status.state, run.status.epoch, run.status.best_epoch)
    try:
        classifier = _load(str(run.folder.path), stamp, epoch, run)
    except DigitLabError as error:
        name = plain_text(run.name, longest=60)
        st.warning(say("models.unusable", name=name, reason=plain_text(str(error).rstrip("."))))
        return None
    return Model(run, classifier.epoch, classifier)


def _may_read(run: Run) -> bool:
    status = run.status
    return run.manifest is not None and status is not None and (status.epoch > 0 or status.state in ACTIVE)


def _first(runs: Sequence[Run]) -> Run:
    named = next((run for run in runs if run.shipped and run.id == DEFAULT), None)
    best = max(runs, key=lambda run: (run.status.test_accuracy or 0.0) if run.status else 0.0)
    return named or best


def _others(view: View, first: str, ids: Sequence[str]) -> list[str]:
    rest = [run_id for run_id in ids if run_id != first]
    if view.others == "auto":
        return rest[:_BESIDE]
    return [run_id for run_id in view.others.split(",") if run_id in rest][:MOST_OTHERS]


def _epoch(view: View, run: Run) -> int | None:
    """The epoch to read with, None for the kept one; a slider where there is a choice."""
    epochs = weighted_epochs(run.folder)
    if len(epochs) < 2 or run.status is None:
        return None
    epoch, exact = nearest_epoch(view.model_epoch, epochs, run.status.best_epoch)
    if not exact and view.model_epoch not in ("best", "last"):
        st.warning(say("looking.no_epoch", wanted=view.model_epoch, epoch=epoch))
    st.select_slider(say("models.epoch"), epochs, **bound("model_epoch", epoch, options=epochs))
    return epoch
