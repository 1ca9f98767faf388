"""The head of the page that looks inside: which run, after which epoch, on which digit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.config.layers import LayerRow
from core.errors import DigitLabError
from core.inference.classifier import Classifier, load
from core.runs.folder import RunFolder
from core.runs.store import Run
from core.runs.weight_arrays import weights_by_layer
from core.runs.weights import weighted_epochs
from core.text import clause, say
from pages.run.inside.subject import Subject, subject
from pages.run.inside.view import InsideView
from pages.shared.run_header import offered_now, pick_epoch, pick_run
from pages.state.plain_text import plain_text
from pages.state.server_state import look

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Inside:
    """A digit, and a network at an epoch that it goes through."""

    run: Run
    epochs: tuple[int, ...]
    """With weights, ascending; the chosen one is the classifier's."""
    classifier: Classifier
    weights: Mapping[str, Sequence[Floats]]
    """Of each layer by its name; see `core.runs.weight_arrays.weights_by_layer`."""
    subject: Subject

    @property
    def epoch(self) -> int:
        return self.classifier.epoch

    @property
    def table(self) -> Sequence[LayerRow]:
        return self.classifier.table

    @property
    def image(self) -> Floats:
        """The digit, float32 (28, 28) in 0..1, ink bright."""
        return self.subject.image

    @cached_property
    def activations(self) -> dict[str, Floats]:
        """Each layer's output by its name, without the batch."""
        return self.classifier.activations(self.image)

    def input_of(self, layer: str) -> Floats:
        """What goes into a layer: the output of the one before, (28, 28, 1) into the first."""
        names = [row.layer.name for row in self.table]
        before = names.index(layer) - 1
        return self.activations[names[before]] if before >= 0 else self.image[..., None]

    @property
    def probabilities(self) -> Floats:
        """Of the ten classes, float32 (10,)."""
        return self.activations[self.table[-1].layer.name]


def inside_head(view: InsideView) -> tuple[Inside | None, st.delta_generator.DeltaGenerator]:
    """Pickers for run, epoch and digit; what they give, None where that is nothing, and room for the rest."""
    offered = offered_now(view.run, look().runs)
    runs = [run for run in offered.runs if weighted_epochs(run.folder)]
    if not runs:
        st.info(say("inside.no_run"), icon=":material/search_off:")
        return None, st.container()
    pick, slide = st.columns([10, 14], vertical_alignment="top")
    with pick:
        run = pick_run(view.run, runs, others=offered.others)
    epochs = weighted_epochs(run.folder)
    with slide:
        epoch = pick_epoch("best" if view.run not in ("", run.id) else view.epoch, run.status, epochs)
    left, right = st.columns([5, 17], gap="medium")
    try:
        classifier, weights = network(run, epoch)
    except DigitLabError as error:
        with right:
            st.error(say("inside.unreadable", epoch=epoch, reason=plain_text(clause(error.message))))
        return None, right
    with left, st.container(key="inside.subject"):
        chosen = subject(run, epoch, view)
        if chosen is None:
            return None, right
    return Inside(run, epochs, classifier, weights, chosen), right


def network(run: Run, epoch: int) -> tuple[Classifier, dict[str, list[Floats]]]:
    """A run's network after an epoch, and its weights by layer; raises UnreadableRun."""
    stamp = run.folder.weights(epoch).stat().st_mtime_ns if run.folder.weights(epoch).exists() else 0
    return _network(str(run.folder.path), stamp, epoch, run.folder)


@st.cache_resource(max_entries=24, show_spinner=False)
def _network(
    path: str,  # noqa: ARG001 the key
    stamp: int,  # noqa: ARG001 the key
    epoch: int,
    _folder: RunFolder,
) -> tuple[Classifier, dict[str, list[Floats]]]:
    classifier = load(_folder, epoch)
    return classifier, weights_by_layer(_folder.weights(epoch), classifier.table)
