"""The table of images with their answers, and the selection and sorting of images to look at."""

from typing import Literal

import numpy as np
import pandas as pd

from core.analysis.answers import Answers
from core.array_types import Indices

Sort = Literal["loss", "confidence", "margin", "index"]


def digit_table(answers: Answers) -> pd.DataFrame:
    """One row per image, in order of index: label, predict, confidence, loss and margin."""
    return pd.DataFrame(
        {
            "label": answers.labels,
            "predict": answers.predicted,
            "confidence": answers.confidence,
            "loss": answers.loss,
            "margin": answers.margin,
        },
        index=pd.RangeIndex(len(answers), name="index"),
    )


def select(
    answers: Answers,
    *,
    true: int | None = None,
    predicted: int | None = None,
    confidence: tuple[float, float] = (0.0, 1.0),
    sort: Sort = "loss",
    only_wrong: bool = True,
) -> Indices:
    """Indices of the matching images; None matches any class, and the confidence range includes both ends.

    Highest loss or confidence first, or lowest margin first; ties keep the order of the indices.
    """
    low, high = confidence
    fits = (answers.confidence >= low) & (answers.confidence <= high)
    if true is not None:
        fits &= answers.labels == true
    if predicted is not None:
        fits &= answers.predicted == predicted
    if only_wrong:
        fits &= ~answers.right
    found = np.flatnonzero(fits)
    if sort == "index":
        return found
    keys = {"loss": -answers.loss, "confidence": -answers.confidence, "margin": answers.margin}
    return found[np.argsort(keys[sort][found], kind="stable")]


def crosstab(answers: Answers) -> pd.DataFrame:
    """Labels against answers as a tutorial's `pd.crosstab` shows them: only classes that occur."""
    return pd.crosstab(answers.labels, answers.predicted, rownames=["label"], colnames=["predict"])
