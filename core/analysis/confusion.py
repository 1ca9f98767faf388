"""Which digits are taken for which, counted, and the figures of each class that follow."""

import numpy as np
import pandas as pd

from core.analysis.answers import Answers
from core.config.network import CLASSES


def confusion_matrix(answers: Answers) -> pd.DataFrame:
    """How many digits of each label (rows) got each answer (columns predicted), int64 (10, 10)."""
    cells = answers.labels.astype(np.intp) * CLASSES + answers.predicted
    counts = np.bincount(cells, minlength=CLASSES * CLASSES).reshape(CLASSES, CLASSES).astype(np.int64)
    classes = np.arange(CLASSES)
    return pd.DataFrame(counts, index=pd.Index(classes, name="label"), columns=pd.Index(classes, name="predicted"))


def row_shares(matrix: pd.DataFrame) -> pd.DataFrame:
    """Each count as a share of its row, which is all digits of one label; 0 where there are none."""
    return matrix.div(matrix.sum(axis=1).clip(lower=1), axis=0)


def per_class(matrix: pd.DataFrame) -> pd.DataFrame:
    """One row a label: precision, recall, f1, support, errors, confused_with and confused_count.

    `errors` are digits of the label that got another answer, `confused_with` the answer they got most often, the
    lowest of several and NA where there are no errors. A share of nothing is 0.
    """
    counts = matrix.to_numpy()
    support, predicted, right = counts.sum(axis=1), counts.sum(axis=0), counts.diagonal()
    wrong = counts - np.diag(right)
    most = wrong.max(axis=1)
    return pd.DataFrame(
        {
            "precision": right / predicted.clip(min=1),
            "recall": right / support.clip(min=1),
            "f1": 2 * right / (support + predicted).clip(min=1),
            "support": support,
            "errors": support - right,
            "confused_with": pd.array(wrong.argmax(axis=1), dtype="Int64"),
            "confused_count": most,
        },
        index=matrix.index,
    ).assign(confused_with=lambda table: table["confused_with"].mask(most == 0))


def macro_f1(matrix: pd.DataFrame) -> float:
    """The mean of the ten classes' F1, 0 for a class that is neither there nor predicted."""
    return float(per_class(matrix)["f1"].mean())
