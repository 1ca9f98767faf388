"""The confusion matrix, and precision, recall and F1 per class."""

import numpy as np
import pandas as pd

from core.analysis.answers import Answers


def confusion_matrix(answers: Answers) -> pd.DataFrame:
    """Count of images for each label (rows) and predicted class (columns), int64 (classes, classes)."""
    k = answers.classes
    cells = answers.labels.astype(np.intp) * k + answers.predicted
    counts = np.bincount(cells, minlength=k * k).reshape(k, k).astype(np.int64)
    classes = np.arange(k)
    return pd.DataFrame(counts, index=pd.Index(classes, name="label"), columns=pd.Index(classes, name="predicted"))


def row_shares(matrix: pd.DataFrame) -> pd.DataFrame:
    """Each count as a share of its row, that is of all images with this label; 0 for an empty row."""
    return matrix.div(matrix.sum(axis=1).clip(lower=1), axis=0)


def per_class(matrix: pd.DataFrame) -> pd.DataFrame:
    """One row per label: precision, recall, f1, support, errors, confused_with and confused_count.

    `errors` counts the label's images that were misclassified; `confused_with` is their most frequent wrong answer
    (the lowest on a tie, NA without errors). 0 divided by 0 counts as 0.
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


def similarity_order(matrix: pd.DataFrame) -> list[int]:
    """The classes in an order in which those confused with each other are close.

    Spectral seriation (Atkins, Boman and Hendrickson, 1998): sorted by the second eigenvector of the Laplacian of the
    shares of confusions in either direction.
    """
    shares = row_shares(matrix).to_numpy()
    similar = shares + shares.T
    np.fill_diagonal(similar, 0)
    # a little of everything connects classes that are never confused, which would have eigenvectors of their own
    similar += 1e-3 * (1 - np.eye(len(similar))) * max(float(similar.max()), 1e-12)
    degrees = similar.sum(axis=1)
    _, vectors = np.linalg.eigh(np.diag(degrees) - similar)
    order = np.argsort(vectors[:, 1], kind="stable")
    # the sign of an eigenvector is arbitrary
    return [int(label) for label in (order if order[0] < order[-1] else order[::-1])]


def macro_f1(matrix: pd.DataFrame) -> float:
    """Unweighted mean of the F1 scores; a class neither present nor predicted scores 0."""
    return float(per_class(matrix)["f1"].mean())
