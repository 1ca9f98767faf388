"""Which images are for training and which for the test: as given, else at random, class by class."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.array_types import Indices

PARTS = ("", "train", "validation", "test")


class Partition(NamedTuple):
    """Indices of the training and test images in their final order, and how they were chosen."""

    train: Indices
    test: Indices
    given: bool
    """Whether the source said which images are for the test."""
    shuffled: bool
    held: int
    """Images of a given validation part, which are the last training images."""
    grouped: int
    """Groups that were kept together; 0 where there are none."""
    validation_is_test: bool
    """Whether the source has a validation part and no test part."""
    shared_groups: int
    """Groups that the source itself has put in both parts."""


def partitioned(
    labels: NDArray[Any],
    parts: NDArray[Any],
    groups: NDArray[Any] | None,
    *,
    share: float,
    seed: int,
    sorted_files: bool,
) -> Partition:
    """Divide images with these labels (n,), parts (n,) as indices of PARTS and groups (n,) or None.

    Without a test part, a given validation part is the test; without either, `share` of each class is, and no group
    is in both. Images that are sorted by class are shuffled by `seed`, since the last fifth may become validation.
    """
    # RandomState is the only generator whose numbers NumPy promises never to change
    random = np.random.RandomState(seed)
    train, validation, test = (np.flatnonzero(np.isin(parts, codes)) for codes in ((0, 1), (2,), (3,)))
    if not len(train):
        # only parts for the evaluation: the source means something else by them
        train, validation, test = np.concatenate([train, validation, test]), validation[:0], test[:0]
    renamed = not len(test) and bool(len(validation))
    if renamed:
        test, validation = validation, validation[:0]
    given = bool(len(test))
    shared = 0
    if groups is not None and given:
        shared = len(np.intersect1d(groups[train], groups[test]))
    if not given:
        held = _test(labels[train], share, random)
        if groups is not None:
            held = _grouped_test(labels[train], groups[train], share, random)
        train, test = train[~held], train[held]
    shuffle = not given or sorted_files or any(_is_sorted(labels[some]) for some in (train, test))
    if shuffle:
        train, validation, test = (_shuffled(some, groups, random) for some in (train, validation, test))
    grouped = len(np.unique(groups)) if groups is not None and not given else 0
    return Partition(
        np.concatenate([train, validation]), test, given, shuffle, len(validation), grouped, renamed, shared
    )


def _test(labels: NDArray[Any], share: float, random: np.random.RandomState) -> NDArray[np.bool_]:
    """A mask of the test images: this share of each class, at least one where a class has two images."""
    held = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        count = round(len(own) * share)
        held[random.permutation(own)[: min(max(count, 1), len(own) - 1)]] = True
    return held


def _grouped_test(
    labels: NDArray[Any], groups: NDArray[Any], share: float, random: np.random.RandomState
) -> NDArray[np.bool_]:
    """The same with whole groups: each joins the test while that brings its classes closer to their share."""
    _, group = np.unique(groups, return_inverse=True)
    counts = np.zeros((group.max() + 1, int(labels.max()) + 1))
    np.add.at(counts, (group, labels), 1)
    missing = counts.sum(axis=0) * share
    chosen = np.zeros(len(counts), bool)
    for each in random.permutation(len(counts)):
        after = missing - counts[each]
        if (after**2).sum() < (missing**2).sum() and chosen.sum() != len(counts) - 1:
            missing, chosen[each] = after, True
    if not chosen.any() and len(counts) > 1:
        # groups too large for the share: the smallest is better than none
        chosen[counts.sum(axis=1).argmin()] = True
    mask: NDArray[np.bool_] = chosen[group]
    return mask


def _shuffled(indices: Indices, groups: NDArray[Any] | None, random: np.random.RandomState) -> Indices:
    mixed: Indices = random.permutation(indices)
    if groups is None or not len(mixed):
        return mixed
    # groups stay together, in random order, so that the last fifth shares at most one with the rest
    _, group = np.unique(groups[mixed], return_inverse=True)
    rank = random.permutation(int(group.max()) + 1)
    return mixed[np.argsort(rank[group], kind="stable")]


def _is_sorted(labels: NDArray[Any]) -> bool:
    """Whether the images come class by class."""
    classes = len(np.unique(labels))
    changes = int(np.count_nonzero(np.diff(labels.astype(int))))
    return len(labels) > 2 * classes and changes <= classes
