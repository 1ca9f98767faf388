"""Labels of any kind become numbers from 0 with names in an order that people expect."""

import numpy as np
import pytest

from core.data.label_encoder import NONE, LabelEncoder
from core.data.readers.source import UnreadableData


def labels_and_names(*pieces, names=()):
    encoder = LabelEncoder(names)
    codes = np.concatenate([encoder.codes(piece) for piece in pieces])
    classes, table = encoder.classes()
    return [None if code == NONE else int(table[code]) for code in codes], classes


@pytest.mark.parametrize(
    ("written", "labels", "classes"),
    [
        ([3, 1, 3], [1, 0, 1], ("1", "3")),
        (np.array([10, 2, 10]), [1, 0, 1], ("2", "10")),
        (["10", "9", "10"], [1, 0, 1], ("9", "10")),
        (["dog", "cat", "dog"], [1, 0, 1], ("cat", "dog")),
        (np.array(["b", "a"]), [1, 0], ("a", "b")),
        (["item 10", "item 9", "Item 2"], [2, 1, 0], ("Item 2", "item 9", "item 10")),
        ([0, -1, 1, 1], [0, None, 1, 1], ("0", "1")),
        (["x", "", "y", " ", "nan", None], [0, None, 1, None, None, None], ("x", "y")),
        (["01", "1"], [1, 0], ("1", "01")),
    ],
)
def test_numbers_are_ordered_by_value_and_names_as_people_sort(written, labels, classes):
    assert labels_and_names(written) == (labels, classes)


def test_pieces_share_their_classes_and_given_names_stay_even_where_a_class_is_missing():
    assert labels_and_names(["b"], ["a", "b"]) == ([1, 0, 1], ("a", "b"))
    assert labels_and_names([2, 0], names=("ant", "bee", "cat")) == ([2, 0], ("ant", "bee", "cat"))
    # names that are too few for the labels are those of something else
    assert labels_and_names([5, 0], names=("ant", "bee")) == ([1, 0], ("0", "5"))


def test_names_of_any_kind_can_be_shown_and_told_apart():
    long = "x" * 10_000
    written = [f"{long}1", f"{long}2", "<b>bold</b>", "🐈", "\u202eright-to-left", "line\nbreak", "\0"]
    _, classes = labels_and_names(written)
    assert len(set(classes)) == 7
    assert max(map(len, classes)) <= 40
    assert {"<b>bold</b>", "🐈", "right-to-left", "line break"} < set(classes)
    assert all(name.isprintable() for name in classes)


def test_one_class_and_more_than_a_hundred_are_refused():
    with pytest.raises(UnreadableData, match="one class, cat"):
        labels_and_names(["cat", "cat"])
    with pytest.raises(UnreadableData, match="more than 100 classes"):
        labels_and_names(np.arange(101))
    with pytest.raises(UnreadableData, match="more than 100 classes"):
        labels_and_names(np.random.default_rng(0).random(20_000).astype(str))
    assert len(labels_and_names(np.arange(100))[1]) == 100
