"""Captions of the images in a sheet."""

from collections.abc import Sequence
from typing import Literal

from core import formatting as figures
from core.analysis.answers import Answers
from core.array_types import Indices
from core.text import say
from pages.widgets.digit_sheet import SheetDigit


def sheet_digits(
    answers: Answers, indices: Indices, classes: Sequence[str], also: Literal["loss", "margin"] | None = None
) -> list[SheetDigit]:
    """Captions such as `5 → 3`, with the network's confidence, and below it the loss or the margin."""
    found, long = [], max(map(len, classes)) > 2
    for index in map(int, indices):
        label, predicted = int(answers.labels[index]), int(answers.predicted[index])
        wrong = label != predicted
        names = {"label": classes[label], "predicted": classes[predicted]}
        caption = say("sheet.wrong" if wrong else "sheet.right", **names)
        details = [figures.probability(float(answers.confidence[index]))]
        if also == "loss":
            details.append(say("sheet.loss", loss=f"{answers.loss[index]:.2f}"))
        elif also == "margin":
            details.append(say("sheet.margin", margin=figures.minus(f"{answers.margin[index]:.2f}")))
        hover = say("sheet.hover", index=index, loss=figures.loss(float(answers.loss[index])))
        if long and wrong:
            # the label alone, since a cell has no room for two names in a line
            hover, caption = f"{caption} · {hover}", names["label"]
            details.insert(0, say("sheet.read", predicted=names["predicted"]))
        found.append(
            SheetDigit(
                index=index,
                caption=caption,
                detail="\n".join(details),
                wrong=wrong,
                hover=hover,
            )
        )
    return found
