"""Measures per digit, derived from log-probabilities."""

import numpy as np
import pytest

from core.analysis.answers import Answers


def answers(*rows, labels):
    return Answers(np.log(np.array(rows, np.float32)), np.array(labels, np.uint8))


def test_measures_of_two_digits():
    first = [0.7, 0.2] + [0.0125] * 8
    second = [0.1, 0.3, 0.5] + [0.1 / 7] * 7
    both = answers(first, second, labels=[0, 1])
    assert both.predicted.tolist() == [0, 2]
    assert both.wrong.tolist() == [1]
    assert both.accuracy == 0.5
    assert both.confidence == pytest.approx([0.7, 0.5])
    assert both.loss == pytest.approx([-np.log(0.7), -np.log(0.3)])
    assert both.margin == pytest.approx([0.5, -0.2])
    assert both.mean_loss == pytest.approx((-np.log(0.7) - np.log(0.3)) / 2)


def test_rounded_log_probabilities_are_normalized():
    rounded = np.log(np.full((3, 10), 0.1)).astype(np.float16).astype(np.float32)
    assert Answers(rounded, np.zeros(3, np.uint8)).probabilities.sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-6)


def test_no_digits_divide_by_nothing():
    none = Answers(np.empty((0, 10), np.float32), np.empty(0, np.uint8))
    assert np.isnan([none.accuracy, none.mean_loss]).all()


def test_mismatched_shapes_are_rejected():
    with pytest.raises(ValueError, match="2 labels"):
        Answers(np.zeros((3, 10), np.float32), np.zeros(2, np.uint8))
