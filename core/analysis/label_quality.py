"""How well each label fits the predicted probabilities: a poor fit suggests a label error.

Northcutt, Jiang, Chuang: Confident Learning: Estimating Uncertainty in Dataset Labels, JAIR 2021; the scores and
the tolerance follow the authors' library, cleanlab 2.9.
"""

import numpy as np
import pandas as pd

from core.analysis.answers import Answers

_TOLERANCE = 1e-6  # so that rounding cannot push a probability at the class mean below the threshold


def label_quality(answers: Answers) -> pd.DataFrame:
    """One row per image, least plausible label first: label, predict, self_confidence, normalized_margin.

    `self_confidence` is the label's probability; `normalized_margin` is that minus the highest other probability,
    rescaled from -1..1 to 0..1; both as in cleanlab.rank.get_label_quality_scores.
    """
    table = pd.DataFrame(
        {
            "label": answers.labels,
            "predict": answers.predicted,
            "self_confidence": answers.probabilities[np.arange(len(answers)), answers.labels],
            "normalized_margin": (answers.margin + 1) / 2,
        },
        index=pd.RangeIndex(len(answers), name="index"),
    )
    return table.sort_values(["normalized_margin", "self_confidence"], kind="stable")


def suspects_csv(found: pd.DataFrame, answers: Answers) -> bytes:
    """Rows of `label_quality` as CSV: index, label, suggested_label, self_confidence, suggested_confidence, margin.

    The confidences are the probabilities of the two labels; the margin is the normalized one.
    """
    table = pd.DataFrame(
        {
            "label": found["label"],
            "suggested_label": found["predict"],
            "self_confidence": found["self_confidence"],
            "suggested_confidence": answers.confidence[found.index],
            "normalized_margin": found["normalized_margin"],
        },
        index=found.index,
    )
    return table.to_csv(float_format="%.6g", lineterminator="\n").encode()


def suspected(answers: Answers) -> pd.DataFrame:
    """The rows of `label_quality` that confident learning flags as label errors.

    An image counts confidently as a class if its probability for that class reaches the mean over the images with that
    label. It is flagged if it counts confidently as exactly one class other than its label, or as several classes,
    and its label is not the most probable class: cleanlab.filter.find_label_issues(filter_by="confident_learning").
    The paper differs where several classes are reached but not the most probable one, which only happens with an
    untrained network.
    """
    probabilities = answers.probabilities.astype(np.float64)
    own = probabilities[np.arange(len(answers)), answers.labels]
    support = np.bincount(answers.labels, minlength=answers.classes)
    means = np.bincount(answers.labels, own, minlength=answers.classes) / support.clip(min=1)
    # every probability reaches a mean of 0, and no image may count as a class without images
    thresholds = np.where(support > 0, means.clip(min=2 * _TOLERANCE), np.inf)
    reached = probabilities >= thresholds - _TOLERANCE
    several = reached.sum(axis=1) > 1
    guess = np.where(several, answers.predicted, reached.argmax(axis=1))
    fits = own + _TOLERANCE >= probabilities.max(axis=1)
    doubtful = reached.any(axis=1) & (guess != answers.labels) & ~fits
    table = label_quality(answers)
    return table[doubtful[table.index]]
