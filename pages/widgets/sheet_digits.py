"""Captions of the digits in a sheet."""

from core import formatting as figures
from core.analysis.answers import Answers
from core.array_types import Indices
from core.text import say
from pages.widgets.digit_sheet import SheetDigit


def sheet_digits(answers: Answers, indices: Indices) -> list[SheetDigit]:
    """Captions such as `5 → 3`, with the network's confidence."""
    found = []
    for index in map(int, indices):
        label, predicted = int(answers.labels[index]), int(answers.predicted[index])
        wrong = label != predicted
        found.append(
            SheetDigit(
                index=index,
                caption=say("sheet.wrong" if wrong else "sheet.right", label=label, predicted=predicted),
                detail=figures.probability(float(answers.confidence[index])),
                wrong=wrong,
                hover=say("sheet.hover", index=index, loss=figures.loss(float(answers.loss[index]))),
            )
        )
    return found
