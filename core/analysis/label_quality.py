"""How well each label fits what the network sees: where it hardly does, the label may be wrong.

Northcutt, Jiang, Chuang: Confident Learning: Estimating Uncertainty in Dataset Labels, JAIR 2021; the scores and
the tolerance are those of its authors' library cleanlab 2.9.
"""

import numpy as np
import pandas as pd

from core.analysis.answers import Answers
from core.config.network import CLASSES

_TOLERANCE = 1e-6  # a digit whose probability is its class's mean is confident, whatever the rounding


def label_quality(answers: Answers) -> pd.DataFrame:
    """One row a digit by its index, the most doubtful label first: label, predict, self_confidence, normalized_margin.

    `self_confidence` is the label's probability; `normalized_margin` is it less the highest other one, brought from
    -1..1 to 0..1, as cleanlab.rank.get_label_quality_scores has both.
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


def suspected(answers: Answers) -> pd.DataFrame:
    """The rows of `label_quality` whose label confident learning holds to be wrong.

    A digit is confidently of a class where its probability reaches the mean that the digits of that label have. It is
    suspected where it is confidently of one class, not its label, or of several, and its label is not the most
    probable class: cleanlab.filter.find_label_issues(filter_by="confident_learning"). The paper differs where
    several classes are reached but not by the most probable one, as only an untrained network answers.
    """
    probabilities = answers.probabilities.astype(np.float64)
    own = probabilities[np.arange(len(answers)), answers.labels]
    support = np.bincount(answers.labels, minlength=CLASSES)
    means = np.bincount(answers.labels, own, minlength=CLASSES) / support.clip(min=1)
    # a mean of 0 is nothing to reach, and nothing can be of a class without digits
    thresholds = np.where(support > 0, means.clip(min=2 * _TOLERANCE), np.inf)
    reached = probabilities >= thresholds - _TOLERANCE
    several = reached.sum(axis=1) > 1
    guess = np.where(several, answers.predicted, reached.argmax(axis=1))
    fits = own + _TOLERANCE >= probabilities.max(axis=1)
    doubtful = reached.any(axis=1) & (guess != answers.labels) & ~fits
    table = label_quality(answers)
    found: pd.DataFrame = table[doubtful[table.index]]
    return found
