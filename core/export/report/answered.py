"""The part of a report on answers to labeled digits: accuracy, confusion, calibration, worst digits."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core import formatting as figures
from core.analysis.answers import Answers
from core.analysis.calibration import expected_calibration_error, reliability
from core.analysis.confusion import confusion_matrix, macro_f1, per_class
from core.analysis.interval import wilson
from core.analysis.verdict import guessing
from core.array_types import Bytes
from core.config.datasets import DataDescription
from core.config.run import RunConfig
from core.data.sprite import sprite_uri
from core.export.report.facts import Card
from core.runs.status import Status
from core.text import say

WORST = 50
_HOTTEST = 55  # percent of red in a cell at which its text is still readable


Row = dict[str, Any]
"""Values for the template."""


def cards(answers: Answers, loss: float) -> list[Card]:
    """The most important figures, with this mean loss."""
    loss_note = say("report.loss_note", guessing=figures.loss(guessing(answers.classes)))
    macro_note = say("report.macro_note", classes=answers.classes)
    return [
        *_first_cards(len(answers), answers.errors, loss, loss_note),
        Card(say("report.macro_f1"), figures.percent(macro_f1(confusion_matrix(answers))), macro_note),
        Card(say("report.ece"), figures.percent(expected_calibration_error(answers)), say("report.ece_note")),
    ]


def kept_cards(config: RunConfig, status: Status) -> list[Card]:
    """The best epoch's test result as the run recorded it; empty before there is one."""
    if status.test_accuracy is None:
        return []
    n = config.data.test
    note = say("report.other_loss_note")
    if config.minimizes_cross_entropy:
        note = say("report.loss_note", guessing=figures.loss(guessing(len(config.data.classes))))
    return _first_cards(n, round(n * (1 - status.test_accuracy)), status.test_loss, note)


def _first_cards(n: int, errors: int, loss: float | None, loss_note: str) -> list[Card]:
    low, high = wilson(n - errors, n)
    interval = say("report.interval", low=figures.percent(low), high=figures.percent(high))
    return [
        Card(say("report.right"), figures.percent((n - errors) / n), interval),
        Card(say("report.errors"), f"{errors:,}", say("report.of", count=f"{n:,}")),
        Card(say("report.loss"), figures.loss(loss), loss_note),
    ]


def matrix_rows(matrix: pd.DataFrame, classes: Sequence[str]) -> list[tuple[str, list[Row]]]:
    """One row per label of cells with count, heat (percent of red, more for more errors), right and hint."""
    counts = matrix.to_numpy()
    errors = counts - np.diag(np.diag(counts))
    most = max(1, int(errors.max()))
    rows = []
    for label, row in enumerate(counts):
        cells = []
        for predicted, count in enumerate(row):
            # by the square root, so that single errors are visible beside the most frequent one
            heat = round(_HOTTEST * math.sqrt(errors[label, predicted] / most))
            hint = say("report.cell", label=classes[label], predicted=classes[predicted], count=f"{count:,}")
            cells.append({"count": str(count), "heat": heat, "right": label == predicted, "hint": hint})
        rows.append((classes[label], cells))
    return rows


def class_rows(matrix: pd.DataFrame, classes: Sequence[str]) -> list[tuple[str, ...]]:
    """One row per class: precision, recall, F1, digits, errors, and the most frequent wrong answer."""
    rows = []
    for name, (_, row) in zip(classes, per_class(matrix).iterrows(), strict=True):
        confused = "–"
        if not pd.isna(row["confused_with"]):
            confused = say(
                "report.confused", digit=classes[int(row["confused_with"])], count=int(row["confused_count"])
            )
        shares = (
            figures.percent(row[column]).removesuffix(figures.percent_sign())
            for column in ("precision", "recall", "f1")
        )
        rows.append((name, *shares, f"{int(row['support']):,}", f"{int(row['errors']):,}", confused))
    return rows


def confused_pairs(matrix: pd.DataFrame, classes: Sequence[str], most: int = 30) -> list[tuple[str, str, str]]:
    """The most frequent confusions: label, prediction and count; none that never occurred."""
    errors = matrix.to_numpy(copy=True)
    np.fill_diagonal(errors, 0)
    order = np.argsort(-errors, axis=None, kind="stable")[:most]
    cells = [(int(place) // len(classes), int(place) % len(classes)) for place in order]
    return [(classes[label], classes[read], f"{errors[label, read]:,}") for label, read in cells if errors[label, read]]


def bins(answers: Answers) -> list[Row]:
    """Answers by confidence, without empty bins: words for a row of text; low, high, accuracy, interval to draw."""
    found = []
    columns = ["low", "high", "digits", "confidence", "accuracy"]
    for low, high, digits, confidence, accuracy in reliability(answers)[columns].to_numpy(float).tolist():
        if not digits:
            continue
        interval = wilson(round(accuracy * digits), int(digits))
        words = (
            say("report.bin", low=f"{100 * low:.0f}", high=f"{100 * high:.0f}"),
            f"{digits:,.0f}",
            figures.percent(confidence),
            figures.percent(accuracy),
            say(
                "report.to",
                low=figures.percent(interval[0]).removesuffix(figures.percent_sign()),
                high=figures.percent(interval[1]),
            ),
        )
        found.append({"words": words, "low": low, "high": high, "accuracy": accuracy, "interval": interval})
    return found


def worst_images(answers: Answers, images: Bytes, data: DataDescription) -> Row:
    """The images with the highest loss: a sprite as a data URI, its sides in pixels, and a row for each image.

    A row has the left edge `x` of the image in the sprite, and its title, verdict, confidence and right.
    `images` are uint8 (n, *image_shape), in the order of the answers.
    """
    order = np.argsort(-answers.loss, kind="stable")[:WORST]
    digits, side = [], max(data.image_shape[:2])
    for place, index in enumerate(order):
        label, predicted, right = int(answers.labels[index]), int(answers.predicted[index]), bool(answers.right[index])
        names = {"label": data.classes[label], "predicted": data.classes[predicted]}
        confidence = figures.probability(float(answers.confidence[index]))
        loss = figures.loss(float(answers.loss[index]))
        digits.append(
            {
                "x": place * side,
                "title": say("report.digit", index=int(index), **names, loss=loss),
                "verdict": say("report.read_right" if right else "report.read_wrong", **names),
                "confidence": confidence,
                "right": right,
            }
        )
    ink = data.is_digits
    sprite = sprite_uri(np.ascontiguousarray(images[order]), ink=ink)
    return {"sprite": sprite, "width": side * len(order), "side": side, "ink": ink, "digits": digits}
