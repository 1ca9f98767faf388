"""The small classifier learns a nonlinear boundary."""

import numpy as np
import pytest

from core.inference.judge import Judge
from research.handwriting.fit_judge import HIDDEN, LARGEST, train


def rings(seed, count=1500):
    """Rows within a circle, and rows around it."""
    random = np.random.default_rng(seed)
    angle = random.uniform(0, 2 * np.pi, (2, count))
    radius = np.stack([random.uniform(0, 1, count), random.uniform(1.5, 2.5, count)])
    rows = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2)
    return (100 + 20 * rows).astype(np.float32)


@pytest.fixture(scope="module")
def judge():
    return train(*rings(1))


def test_it_classifies_unseen_rows(judge):
    inner, outer = rings(2)
    assert (judge.scores(inner) > 0).mean() > 0.97
    assert (judge.scores(outer) < 0).mean() > 0.97


def test_a_rare_class_has_equal_weight():
    inner, outer = rings(1)
    judge = train(inner, outer[:150])
    assert (judge.scores(outer) < 0).mean() > 0.9


def test_many_inputs_reduce_the_hidden_units():
    rows = np.random.default_rng(1).normal(0, 1, (40, 5000)).astype(np.float32)
    assert train(rows[:20, :30], rows[20:, :30]).first.shape == (30, HIDDEN)
    assert train(rows[:20], rows[20:]).first.shape == (5000, LARGEST // 5000)


@pytest.mark.parametrize(
    "changes",
    [{"mean": np.zeros(3, np.float32)}, {"shift": np.zeros(2, np.float32)}, {"bias": np.full(HIDDEN, np.nan)}],
)
def test_inconsistent_arrays_are_rejected(judge, changes):
    assert Judge.of(judge.arrays()).shift == judge.shift
    with pytest.raises(ValueError, match="arrays"):
        Judge.of(judge.arrays() | changes)
