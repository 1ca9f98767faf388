"""Training and test: as given, else stratified by a seed, with groups in one piece."""

import numpy as np
import pytest

from core.data.partition import PARTS, partitioned

LABELS = np.repeat([0, 1, 2], [100, 40, 7])
ANY = np.zeros(147, np.uint8)


def divided(labels=LABELS, parts=ANY, groups=None, share=0.2, seed=1, sorted_files=True):
    return partitioned(labels, parts, groups, share=share, seed=seed, sorted_files=sorted_files)


def test_each_class_gives_its_share_at_random_by_the_seed():
    one = divided()
    assert np.bincount(LABELS[one.test]).tolist() == [20, 8, 1]
    assert sorted(np.concatenate([one.train, one.test]).tolist()) == list(range(147))
    assert divided().test.tolist() == one.test.tolist()
    assert set(divided(seed=2).test) != set(one.test)
    # the last fifth, which may become validation, has the common classes too
    assert set(LABELS[one.train[-24:]]) >= {0, 1}


def test_a_class_of_two_images_is_in_both_parts_and_one_image_trains():
    labels = np.array([0] * 10 + [1] * 2 + [2])
    found = divided(labels, np.zeros(13, np.uint8))
    assert np.bincount(labels[found.test], minlength=3).tolist() == [2, 1, 0]


def test_groups_stay_together_and_classes_near_their_share():
    random = np.random.default_rng(7)
    groups = np.repeat(np.arange(40), 10)
    labels = random.integers(0, 4, 400)
    found = divided(labels, np.zeros(400, np.uint8), groups)
    assert not set(groups[found.train]) & set(groups[found.test])
    assert found.grouped == 40
    shares = np.bincount(labels[found.test], minlength=4) / np.bincount(labels)
    assert (abs(shares - 0.2) < 0.08).all()
    # each group is one piece, so the last fifth shares at most one with the rest
    changes = np.count_nonzero(np.diff(groups[found.train]))
    assert changes == len(set(groups[found.train])) - 1


@pytest.mark.parametrize("sizes", [[10, 10], [30, 5, 5]])
def test_few_large_groups_still_leave_images_for_both_parts(sizes):
    groups = np.repeat(np.arange(len(sizes)), sizes)
    found = divided(np.arange(sum(sizes)) % 2, np.zeros(sum(sizes), np.uint8), groups)
    assert len(found.train)
    assert len(found.test)
    assert not set(groups[found.train]) & set(groups[found.test])


def test_given_parts_keep_their_order_unless_they_are_sorted_by_class():
    labels = np.array([0, 1, 2, 1, 0, 2, 0, 1, 2])
    parts = np.array([PARTS.index(part) for part in ["train"] * 5 + ["test"] * 4], np.uint8)
    found = divided(labels, parts, sorted_files=False)
    assert (found.train.tolist(), found.test.tolist()) == ([0, 1, 2, 3, 4], [5, 6, 7, 8])
    assert (found.given, found.shuffled) == (True, False)
    sorted_labels = np.repeat([0, 1], 50)
    found = divided(sorted_labels, np.repeat([1, 3], [90, 10]).astype(np.uint8), sorted_files=False)
    assert found.shuffled
    assert set(sorted_labels[found.train[-18:]]) == {0, 1}


def test_a_validation_part_is_last_in_training_or_the_test_where_there_is_none():
    parts = np.array([1] * 6 + [2] * 2 + [3] * 2, np.uint8)
    labels = np.array([0, 1] * 5)
    found = divided(labels, parts, sorted_files=False)
    assert found.train.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert (found.held, found.test.tolist()) == (2, [8, 9])
    found = divided(labels[:8], parts[:8], sorted_files=False)
    assert (found.test.tolist(), found.validation_is_test, found.held) == ([6, 7], True, 0)


def test_groups_that_the_source_has_put_in_both_parts_are_counted():
    parts = np.array([1, 1, 1, 3, 3], np.uint8)
    found = divided(np.array([0, 1, 0, 1, 0]), parts, np.array([5, 6, 7, 6, 8]), sorted_files=False)
    assert found.shared_groups == 1
