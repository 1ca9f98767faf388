"""How many images each class has: classes missing from a part, rare classes, and imbalance."""

from collections.abc import Sequence

import numpy as np

from core.data.arrays import Arrays
from core.data.checks.finding import Finding, PartName
from core.text import Message

RATIO = 3.0
"""The largest class has this many times the images of the smallest: worth a sentence."""
FEW = 10
_NAMED = 5


def balance(arrays: Arrays, classes: Sequence[str]) -> list[Finding]:
    """Findings on the counts of classes in the two parts."""
    found = []
    counts = {"train": _counts(arrays.train_labels, len(classes)), "test": _counts(arrays.test_labels, len(classes))}
    for part, of_part in counts.items():
        if (missing := np.flatnonzero(of_part == 0)).size:
            told = {"count": len(missing), "names": _names(classes, missing)}
            found.append(Finding(Message(f"data_checks.missing_{part}", **told), "problem"))
    train = counts["train"]
    few = np.flatnonzero((train > 0) & (train < FEW))
    if few.size:
        told = {"count": len(few), "names": _names(classes, few), "few": FEW}
        found.append(Finding(Message("data_checks.few", **told), "problem", _first(arrays, int(few[0]))))
    present = np.flatnonzero(train)
    largest, smallest = present[train[present].argmax()], present[train[present].argmin()]
    if train[largest] >= RATIO * train[smallest]:
        share = 100 * float(counts["test"][largest]) / max(1, len(arrays.test_labels))
        told = {
            "most": classes[largest],
            "many": int(train[largest]),
            "least": classes[smallest],
            "fewer": int(train[smallest]),
            "share": round(share, 1),
        }
        found.append(Finding(Message("data_checks.imbalance", **told)))
    return found


def _counts(labels: np.ndarray, classes: int) -> np.ndarray:
    return np.bincount(labels, minlength=classes)


def _names(classes: Sequence[str], which: np.ndarray) -> tuple[str, ...]:
    named = tuple(classes[label] for label in which[:_NAMED])
    return (*named, "…") if len(which) > _NAMED else named


def _first(arrays: Arrays, label: int) -> tuple[tuple[PartName, int], ...]:
    return tuple(("train", int(index)) for index in np.flatnonzero(arrays.train_labels == label)[:12])
