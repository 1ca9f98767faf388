"""Answers to analyze: those of an included run, and generated ones covering the odd cases."""

import json

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.analysis.answers import Answers
from core.runs.folder import RunFolder
from core.runs.predictions import predicted_epochs, read_answers
from core.runs.store import SHIPPED_DIR

FOLDER = RunFolder(SHIPPED_DIR / "cnn-16-36")


@pytest.fixture(scope="session")
def shipped():
    """Every epoch's answers on the test set, by epoch."""
    config = FOLDER.manifest().config
    return {epoch: read_answers(FOLDER, config, epoch, "test") for epoch in predicted_epochs(FOLDER)}


@pytest.fixture(scope="session")
def status():
    """What the run's worker wrote about it, including Keras's own test figures."""
    return json.loads((FOLDER.path / "status.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session", params=["best epoch", "untrained"])
def real(request, shipped, status):
    return shipped[status["best_epoch"] if request.param == "best epoch" else 0]


@st.composite
def _made(draw, labels=None):
    """Up to 40 digits: of all classes or few; all right, all wrong, or some classes never predicted."""
    some_classes = st.lists(st.integers(0, 9), min_size=1, max_size=9, unique=True)
    if labels is None:
        count = draw(st.integers(0, 40))
        of = draw(st.one_of(st.just(list(range(10))), some_classes))
        labels = draw(arrays(np.uint8, count, elements=st.sampled_from(of)))
    logits = draw(arrays(np.float64, (len(labels), 10), elements=st.floats(-10, 10, width=16)))
    rows = np.arange(len(labels))
    match draw(st.sampled_from(["any", "all right", "all wrong", "never some"])):
        case "all right":
            logits[rows, labels] = 11
        case "all wrong":
            logits[rows, labels] = -11
        case "never some":
            logits[:, draw(some_classes)] = -11
    log_probabilities = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return Answers(log_probabilities.astype(np.float32), labels)


@pytest.fixture(scope="session")
def made():
    """A strategy for answers, to given labels or to any."""
    return _made


@pytest.fixture
def none():
    """No digits at all."""
    return Answers(np.empty((0, 10), np.float32), np.empty(0, np.uint8))
