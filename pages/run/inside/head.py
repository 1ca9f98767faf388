"""The network and the digit to look into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import streamlit as st

from core.array_types import Floats
from core.config.datasets import DataDescription
from core.config.layers import LayerRow
from core.config.network import OtherNetwork
from core.errors import DigitLabError
from core.inference.classifier import Classifier
from core.runs.entries import Run
from core.runs.status import ACTIVE
from core.runs.weights import weighted_epochs
from core.text import clause, say
from pages.run.inside.subject import Subject, subject
from pages.run.inside.view import InsideView
from pages.shared.networks import Stamp, network, weights_stamp
from pages.shared.run_header import Head, pick_epoch, unreadable_epoch
from pages.state.language import key_for_labels
from pages.state.page_links import run_links
from pages.state.plain_text import plain_text
from pages.widgets.note import note


@dataclass(frozen=True)
class Inside:
    """A digit, and the network after one epoch that classifies it."""

    run: Run
    epochs: tuple[int, ...]
    """Those with stored weights, ascending."""
    classifier: Classifier
    weights: Mapping[str, Sequence[Floats]]
    """By layer name; see `core.runs.weight_arrays.weights_by_layer`."""
    subject: Subject

    @property
    def epoch(self) -> int:
        return self.classifier.epoch

    @property
    def stamp(self) -> Stamp:
        return weights_stamp(self.run.folder, self.epoch)

    @property
    def table(self) -> Sequence[LayerRow]:
        return self.classifier.table

    @property
    def data(self) -> DataDescription:
        return self.classifier.config.data

    @property
    def image(self) -> Floats:
        """The image, float32 of the data's `image_shape` in 0..1; a digit's ink is bright."""
        return self.subject.image

    @cached_property
    def activations(self) -> dict[str, Floats]:
        """Each layer's output by name, without the batch axis."""
        return self.classifier.activations(self.image)

    def input_of(self, layer: str) -> Floats:
        """A layer's input: the previous layer's output, the image with its channels for the first."""
        names = [row.layer.name for row in self.table]
        before = names.index(layer) - 1
        return self.activations[names[before]] if before >= 0 else self.image.reshape(self.data.shape)

    @property
    def probabilities(self) -> Floats:
        """Of the classes, float32 (classes,)."""
        return self.activations[self.table[-1].layer.name]


def inside_head(run: Run, view: InsideView, head: Head) -> tuple[Inside | None, st.delta_generator.DeltaGenerator]:
    """Draw the pickers; return their choice, None if there is nothing to show, and a container for the rest."""
    epochs = weighted_epochs(run.folder)
    if not epochs and not run.manifest.has_network:
        key = "recording.no_network" if run.manifest.recorded else "logs.no_network"
        st.info(say(key), icon=":material/description:")
        return None, st.container()
    if not epochs:
        other = isinstance(run.manifest.config.network, OtherNetwork)
        awaited = run.manifest.recorded and run.status.state in ACTIVE
        key = "models.no_inside" if other else "recording.awaited" if awaited else "inside.no_weights"
        with note(say(key), icon="hourglass" if awaited and not other else "search_off"):
            run_links(run, "settings" if other else "curves")
        return None, st.container()
    with head.middle:
        epoch = pick_epoch("best" if view.run not in ("", run.id) else view.epoch, run, epochs)
    left, right = st.columns([5, 17], gap="medium")
    try:
        classifier, weights = network(run, epoch)
    except DigitLabError as error:
        with right:
            unreadable_epoch(
                say("inside.unreadable", epoch=epoch, reason=plain_text(clause(error.message))), run, epoch, epochs
            )
        return None, right
    with left, st.container(key="inside.subject"):
        chosen = subject(run, epoch, view)
        if chosen is None:
            return None, right
    return Inside(run, epochs, classifier, weights, chosen), right


def true_class(inside: Inside) -> int:
    """The digit's label; for a drawing the choice in a picker, by default the prediction."""
    if inside.subject.label is not None:
        return inside.subject.label
    predicted, classes = int(inside.probabilities.argmax()), inside.data.classes
    chosen = st.selectbox(
        say("output.drawn"),
        [None, *range(len(classes))],
        format_func=lambda label: say("output.as_read", digit=classes[predicted]) if label is None else classes[label],
        help=say("output.drawn_help"),
        width=260,
        # a key per drawing, shared by the parts of the page that ask
        key=key_for_labels(f"inside.true.{sha256(inside.image.tobytes()).hexdigest()[:12]}"),
        persist_state="session",
    )
    return predicted if chosen is None else int(chosen)
