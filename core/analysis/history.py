"""How the answers changed from epoch to epoch: when each image was learned or forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.array_types import Bytes, Mask

if TYPE_CHECKING:
    # imported late: what records a person's script reads predictions too, and is to start quickly
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Answers at several epochs in ascending order: predicted uint8 (epochs, n), labels uint8 (n,), count of classes.

    Raises ValueError if the shapes do not match or there are no epochs.
    """

    epochs: tuple[int, ...]
    predicted: Bytes
    labels: Bytes
    classes: int

    def __post_init__(self) -> None:
        if not self.epochs or self.predicted.shape != (len(self.epochs), len(self.labels)):
            raise ValueError(f"{len(self.epochs)} epochs, {len(self.labels)} labels, answers {self.predicted.shape}")

    @property
    def right(self) -> Mask:
        """Whether each epoch's answer equals the label, bool (epochs, n)."""
        return self.predicted == self.labels


def recall_by_epoch(history: History) -> pd.DataFrame:
    """Recall of each class, a column each, at each epoch; 0 for a class without images."""
    import pandas as pd

    counts = [np.bincount(history.labels[right], minlength=history.classes) for right in history.right]
    support = np.bincount(history.labels, minlength=history.classes).clip(min=1)
    index = pd.Index(history.epochs, name="epoch")
    return pd.DataFrame(np.array(counts) / support, index=index, columns=pd.RangeIndex(history.classes, name="label"))


def learning(history: History) -> pd.DataFrame:
    """One row per image, in order of index: label, learned, forgotten and last.

    `learned` is the first epoch from which the answer stays right, NA if the last answer is wrong. `forgotten` counts
    changes from right to wrong: the forgetting events of Toneva et al., An Empirical Study of Example Forgetting
    during Deep Neural Network Learning, ICLR 2019, per epoch rather than per update. `last` is the last answer.
    """
    import pandas as pd

    right = history.right
    ever_wrong = ~right.all(axis=0)
    # in reverse order, the first wrong answer is the last one
    since = np.where(ever_wrong, len(right) - (~right[::-1]).argmax(axis=0), 0)
    learned = pd.array(np.append(history.epochs, 0)[since], dtype="Int64")
    learned[~right[-1]] = pd.NA
    return pd.DataFrame(
        {
            "label": history.labels,
            "learned": learned,
            "forgotten": (right[:-1] & ~right[1:]).sum(axis=0),
            "last": history.predicted[-1],
        },
        index=pd.RangeIndex(len(history.labels), name="index"),
    )
