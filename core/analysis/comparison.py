"""Compare two runs on the same digits, and the settings of several runs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.analysis.answers import Answers
from core.analysis.confusion import confusion_matrix
from core.array_types import Indices
from core.config.run import RunConfig, setting_names, setting_text

ABSENT = "–"
"""Shown where a run does not have a setting or the setting has no effect."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Run B's answers against run A's: ascending indices (intp) and McNemar's p-value."""

    fixed: Indices
    """Wrong in A, right in B."""
    broken: Indices
    """Right in A, wrong in B."""
    both_wrong: int
    p_value: float


def compare(a: Answers, b: Answers) -> Comparison:
    """Compare B's answers with A's; raises ValueError if their labels differ."""
    _check_same_digits(a, b)
    fixed, broken = np.flatnonzero(~a.right & b.right), np.flatnonzero(a.right & ~b.right)
    both_wrong = int((~a.right & ~b.right).sum())
    return Comparison(fixed, broken, both_wrong, mcnemar(len(fixed), len(broken)))


def mcnemar(fixed: int, broken: int) -> float:
    """Probability of a split at least this uneven if both runs err equally often: exact, two-sided; 1 for 0 and 0.

    McNemar 1947; the exact form is the binomial test of `fixed` among `fixed + broken` at one half.
    """
    n, k = fixed + broken, min(fixed, broken)
    if 2 * k == n:
        return 1.0
    # the tail as multiples of its largest term: only that term needs integers beyond the range of a float
    i = np.arange(k, 0, -1)
    tail = 1 + float(np.cumprod(i / (n - i + 1)).sum())
    largest: float = math.comb(n, k) / 2**n
    return min(1.0, 2 * tail * largest)


def matrix_difference(a: Answers, b: Answers) -> pd.DataFrame:
    """B's confusion matrix minus A's, int64 (10, 10); raises ValueError if their labels differ."""
    _check_same_digits(a, b)
    return confusion_matrix(b) - confusion_matrix(a)


def differing_settings(configs: Sequence[RunConfig]) -> pd.DataFrame:
    """Settings that differ between runs, as text: one row per setting, one column per run (0, 1, …)."""
    texts = [
        {"kind": config.network.kind}
        | {
            name: setting_text(config, name)
            for name in setting_names(config.network.kind)
            if name not in config.idle_settings
        }
        for config in configs
    ]
    names = list(dict.fromkeys(name for run in texts for name in run))
    rows = {name: [run.get(name, ABSENT) for run in texts] for name in names}
    differing = {name: row for name, row in rows.items() if len(set(row)) > 1}
    table = pd.DataFrame.from_dict(differing, orient="index", columns=range(len(configs)), dtype=str)
    return table.rename_axis(index="setting", columns="run")


def _check_same_digits(a: Answers, b: Answers) -> None:
    if not np.array_equal(a.labels, b.labels):
        raise ValueError("the two runs answered different digits")
