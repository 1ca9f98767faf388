"""A cell of the confusion matrix in words."""

from core.text import say


def cell_sentence(true: int | None, predicted: int | None, count: int) -> str:
    """`5 read as 3: 4 digits`."""
    digits = say("confusion.one_digit" if count == 1 else "confusion.digits", count=f"{count:,}")
    return say("confusion.counted", cell=_name(true, predicted), digits=digits)


def _name(true: int | None, predicted: int | None) -> str:
    """`5 read as 3`, or the words for a row, a column or the whole matrix."""
    if true is None and predicted is None:
        return say("confusion.every")
    if predicted is None:
        return say("confusion.row", true=true)
    if true is None:
        return say("confusion.column", predicted=predicted)
    return say("confusion.right" if true == predicted else "confusion.cell", true=true, predicted=predicted)
