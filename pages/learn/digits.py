"""The lessons' digits and network: an included example that needs no download."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.array_types import Floats
from core.config.datasets import BUILT_IN
from core.config.layers import LayerRow
from core.data.datasets import Dataset
from core.errors import DigitLabError
from core.explain.lessons.examples import clear_digits, surest_digit, undecided_digits
from core.runs.entries import Run
from core.text import clause, say
from pages.learn.controls import labeled
from pages.learn.view import LearnView
from pages.shared.fetching import missing_data, wait_for
from pages.shared.networks import network
from pages.state.plain_text import plain_text
from pages.state.server_state import answers, dataset, look
from pages.state.url_state import bound
from pages.widgets.note import note

NETWORK = "cnn-16-36-5k"
UNDECIDED = 7
DATASET = "mnist-5k"
CLASSES = BUILT_IN[DATASET].classes


@dataclass(frozen=True, eq=False)
class Digit:
    """A test digit, float32 (28, 28) in 0..1 with bright ink."""

    image: Floats
    label: int
    index: int


@dataclass(frozen=True, eq=False)
class Network:
    """The lessons' network: its run, layers, and weights by layer name."""

    run: Run
    table: list[LayerRow]
    weights: dict[str, list[Floats]]

    def outputs(self, digit: Digit) -> dict[str, Floats]:
        """Each layer's output for the digit, by name."""
        classifier, _ = network(self.run, _epoch(self.run))
        return classifier.activations(digit.image)


@dataclass(frozen=True, eq=False)
class Case:
    """A digit with a caption on what the network makes of it."""

    digit: Digit
    caption: str


def lesson_digits() -> Dataset | None:
    """The data set; None, with a note, while it is prepared."""
    data = dataset(DATASET)
    if data is None:
        missing = say("lessons.no_digits", name=say(f"datasets.name.{DATASET}"))
        wait_for(DATASET, lambda status: missing_data(DATASET, status, missing))
    return data


def lesson_network() -> Network | None:
    """The included network; None, with a note, if it is not readable."""
    run = next((run for run in look().runs if run.id == NETWORK), None)
    if run is None:
        note(say("lessons.no_network", name=NETWORK), icon="search_off")
        return None
    try:
        classifier, weights = network(run, _epoch(run))
    except DigitLabError as error:
        unreadable(error)
        return None
    return Network(run, classifier.table, weights)


def unreadable(error: DigitLabError) -> None:
    """Say that the lessons' network, or what it predicted, cannot be read."""
    note(say("lessons.unreadable", name=NETWORK, reason=plain_text(clause(error.message))))


def clear_digit(data: Dataset, view: LearnView) -> Digit:
    """A digit of the chosen class with typical strokes."""
    return _digit(data, _clear(data.digest, data)[view.example])


def pick_digit(view: LearnView) -> None:
    """A picker for the class of that digit."""
    label = say("lessons.digit")
    with labeled(label):
        st.selectbox(
            label,
            range(len(CLASSES)),
            format_func=str,
            label_visibility="collapsed",
            width=80,
            **bound("example", view.example, first="index", options=range(len(CLASSES))),
        )


def softmax_cases(data: Dataset, run: Run) -> list[Case]:
    """Digits about which the network is undecided, and last one of which it is sure; raises UnreadableRun."""
    found, cases = answers(run, _epoch(run), "test"), []
    indices = _undecided(run.id, run)
    for index in indices:
        first, second = found.probabilities[index].argsort()[:-3:-1]
        sentence = "sure" if index == indices[-1] else "either"
        cases.append(Case(_digit(data, index), say(f"lessons.softmax.{sentence}", first=first, second=second)))
    return cases


def _epoch(run: Run) -> int:
    return run.status.best_epoch or run.status.epoch


def _digit(data: Dataset, index: int) -> Digit:
    image = data.test_images[index].astype(np.float32) / np.float32(255)
    return Digit(image, int(data.test_labels[index]), index)


@st.cache_resource(max_entries=2, show_spinner=False)
def _clear(digest: str, _data: Dataset) -> list[int]:  # noqa: ARG001 the key
    return clear_digits(_data.test_images, _data.test_labels)


@st.cache_resource(max_entries=2, show_spinner=False)
def _undecided(run_id: str, _run: Run) -> list[int]:  # noqa: ARG001 the key
    found = answers(_run, _epoch(_run), "test")
    return [*undecided_digits(found, UNDECIDED), surest_digit(found)]
