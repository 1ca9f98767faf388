"""Digits that show a lesson's point: clear ones, and ones between which a network cannot decide."""

import numpy as np

from core.analysis.answers import Answers
from core.analysis.typical import class_means, distances, nearest_and_farthest
from core.array_types import Bytes
from core.config.datasets import BUILT_IN


def clear_digits(images: Bytes, labels: Bytes) -> list[int]:
    """For each class the digit closest to its mean; images uint8 (n, 28, 28) of all ten classes, labels (n,)."""
    classes = len(BUILT_IN["mnist"].classes)
    far = distances(images, labels, class_means(images, labels, classes))
    return [int(nearest_and_farthest(far, labels, digit, 1)[0][0]) for digit in range(classes)]


def undecided_digits(answers: Answers, count: int) -> list[int]:
    """The digits whose two highest probabilities differ least, one of them the label's; closest first."""
    ranked = np.argsort(answers.probabilities, axis=1)
    first, second = ranked[:, -1], ranked[:, -2]
    rows = np.arange(len(answers))
    lead = answers.probabilities[rows, first] - answers.probabilities[rows, second]
    with_label = np.flatnonzero((first == answers.labels) | (second == answers.labels))
    return [int(index) for index in with_label[np.argsort(lead[with_label], kind="stable")][:count]]


def surest_digit(answers: Answers) -> int:
    """The correctly classified digit with the lowest loss."""
    return int(np.where(answers.right, answers.loss, np.inf).argmin())
