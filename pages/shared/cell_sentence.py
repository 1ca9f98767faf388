"""A cell of the confusion matrix in words."""

from collections.abc import Sequence

from core.text import say


def cell_sentence(true: int | None, predicted: int | None, count: int, classes: Sequence[str]) -> str:
    """`5 predicted as 3: 4 images`, with the names of the classes."""
    digits = say("confusion.one_digit" if count == 1 else "confusion.digits", count=f"{count:,}")
    return say("confusion.counted", cell=_name(true, predicted, classes), digits=digits)


def _name(true: int | None, predicted: int | None, classes: Sequence[str]) -> str:
    """`5 read as 3`, or the words for a row, a column or the whole matrix."""
    if true is None:
        return say("confusion.every") if predicted is None else say("confusion.column", predicted=classes[predicted])
    if predicted is None:
        return say("confusion.row", true=classes[true])
    key = "confusion.right" if true == predicted else "confusion.cell"
    return say(key, true=classes[true], predicted=classes[predicted])
