"""Counts of classes: missing, rare and unequal ones."""

import numpy as np

from core.data.arrays import Arrays
from core.data.checks.balance import balance

CLASSES = ("ant", "bee", "cat", "dog", "eel", "fox", "gnu")


def found(train, test):
    """The findings on labels with these counts of classes."""
    labels = [np.repeat(np.arange(len(counts)), counts).astype(np.uint8) for counts in (train, test)]
    images = np.zeros((1, 8, 8), np.uint8)
    return [str(f.message) for f in balance(Arrays(images, labels[0], images, labels[1]), CLASSES[: len(train)])]


def test_nearly_equal_classes_are_not_reported():
    assert found([50, 40, 30], [10, 9, 8]) == []


def test_classes_missing_from_a_part_are_named_but_not_all_of_many():
    train, test = found([50, 0, 50], [0, 5, 5])
    assert train.startswith("No training images: bee (1 of the classes)")
    assert test.startswith("No test images: ant (1 of the classes)")
    (sentence,) = found([50] * 7, [50] + [0] * 6)
    assert "bee, cat, dog, eel, fox, … (6 of the classes)" in sentence


def test_rare_classes_and_what_always_answering_the_largest_would_get():
    rare, unequal = found([90, 9], [30, 10])
    assert rare == "Fewer than 10 training images: bee (1 of the classes)."
    assert "ant has 90 training images, bee 9" in unequal
    assert "75.0\xa0% of the test images" in unequal
