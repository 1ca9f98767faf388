"""Compare two runs on the same images, and the settings of several runs."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.analysis.answers import Answers
from core.analysis.confusion import confusion_matrix
from core.array_types import Indices
from core.config.run import RunConfig
from core.config.setting_table import setting_table

ABSENT = "–"
"""Shown where a run does not have a setting or the setting has no effect."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Run B's answers against run A's: ascending indices (intp) and McNemar's p-value."""

    gained: Indices
    """Wrong in A, right in B."""
    lost: Indices
    """Right in A, wrong in B."""
    both_wrong: int
    p_value: float


def compare(a: Answers, b: Answers) -> Comparison:
    """Compare B's answers with A's; raises ValueError if their labels differ."""
    _check_same_digits(a, b)
    gained, lost = np.flatnonzero(~a.right & b.right), np.flatnonzero(a.right & ~b.right)
    both_wrong = int((~a.right & ~b.right).sum())
    return Comparison(gained, lost, both_wrong, mcnemar(len(gained), len(lost)))


def mcnemar(gained: int, lost: int) -> float:
    """Probability of a split at least this uneven if both runs err equally often: exact, two-sided; 1 for 0 and 0.

    McNemar 1947; the exact form is the binomial test of `gained` among `gained + lost` at one half.
    """
    n, k = gained + lost, min(gained, lost)
    if 2 * k == n:
        return 1.0
    # the tail as multiples of its largest term: only that term needs integers beyond the range of a float
    i = np.arange(k, 0, -1)
    tail = 1 + float(np.cumprod(i / (n - i + 1)).sum())
    largest: float = math.comb(n, k) / 2**n
    return min(1.0, 2 * tail * largest)


def matrix_difference(a: Answers, b: Answers) -> pd.DataFrame:
    """B's confusion matrix minus A's, int64 (classes, classes); raises ValueError if their labels differ."""
    _check_same_digits(a, b)
    return confusion_matrix(b) - confusion_matrix(a)


def differing_settings(configs: Sequence[RunConfig | None], *, always: Collection[str] = ()) -> dict[str, list[str]]:
    """The settings that differ between runs: each one's value in words for each run, by the setting's name.

    Those in `always` come first, whether they differ or not. None is a run whose settings are not known.
    """
    # the preset only names where the settings came from
    texts = [
        {each.name: each.value for each in setting_table(config) if each.used and each.name != "preset"}
        if config
        else {}
        for config in configs
    ]
    names = dict.fromkeys([*always, *(name for run in texts for name in run)])
    rows = {name: [run.get(name, ABSENT) for run in texts] for name in names}
    known = {name: {text.get(name, ABSENT) for text in texts if text} for name in names}
    return {name: row for name, row in rows.items() if name in always or len(known[name]) > 1}


def _check_same_digits(a: Answers, b: Answers) -> None:
    if not np.array_equal(a.labels, b.labels):
        raise ValueError("the two runs answered different images")
