"""Learning and forgetting, checked against a plain loop; recall, against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import recall_score

from core.analysis.history import History, learning, recall_by_epoch


@st.composite
def histories(draw):
    count, digits = draw(st.integers(1, 7)), draw(st.integers(0, 12))
    epochs = draw(st.lists(st.integers(0, 30), min_size=count, max_size=count, unique=True).map(sorted))
    few = st.integers(0, 2)  # so that answers change often
    predicted = draw(arrays(np.uint8, (count, digits), elements=few))
    return History(tuple(epochs), predicted, draw(arrays(np.uint8, digits, elements=few)), 10)


def check_learning(history):
    expected = []
    for label, answers in zip(history.labels, history.predicted.T, strict=True):
        learned, forgotten = pd.NA, 0
        for epoch, answer, before in zip(history.epochs, answers, [None, *answers], strict=False):
            if answer != label:
                forgotten += before == label
                learned = pd.NA
            elif learned is pd.NA:
                learned = epoch
        expected.append((label, learned, forgotten, answers[-1]))
    table = learning(history)
    assert list(table.itertuples(index=False, name=None)) == expected
    assert table.index.tolist() == list(range(len(history.labels)))


@given(histories())
def test_learning_matches_for_generated_histories(history):
    check_learning(history)


def check_recall(history):
    table = recall_by_epoch(history)
    assert tuple(table.index) == history.epochs
    assert list(table.columns) == list(range(10))
    for answers, row in zip(history.predicted, table.to_numpy(), strict=True):
        expected = recall_score(history.labels, answers, labels=range(10), average=None, zero_division=0)
        np.testing.assert_allclose(row, expected, rtol=1e-15)


@given(histories().filter(lambda history: len(history.labels)))
@settings(max_examples=30)
def test_recall_matches_for_generated_histories(history):
    check_recall(history)


def test_no_digits():
    none = History((1, 2), np.empty((2, 0), np.uint8), np.empty(0, np.uint8), 10)
    assert len(learning(none)) == 0
    assert recall_by_epoch(none).to_numpy().tolist() == [[0] * 10] * 2


@pytest.mark.parametrize(("epochs", "shape", "digits"), [((1,), (2, 3), 3), ((1, 2), (2, 3), 4), ((), (0, 3), 3)])
def test_inconsistent_shapes_are_rejected(epochs, shape, digits):
    with pytest.raises(ValueError, match="epochs"):
        History(epochs, np.zeros(shape, np.uint8), np.zeros(digits, np.uint8), 10)
