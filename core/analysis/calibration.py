"""Calibration: does accuracy match confidence?"""

import numpy as np
import pandas as pd

from core.analysis.answers import Answers
from core.array_types import Floats, Indices


def reliability(answers: Answers, bins: int = 10) -> pd.DataFrame:
    """One row per confidence bin: low, high, digits, mean confidence and accuracy; NaN in empty bins.

    The bins have equal width from 0 to 1; a digit on an edge belongs to the bin below.
    """
    where = _bin(answers.confidence, bins)
    digits = np.bincount(where, minlength=bins)
    confidence = np.bincount(where, answers.confidence, minlength=bins)
    right = np.bincount(where, answers.right, minlength=bins)
    some = np.where(digits > 0, digits, np.nan)
    return _edges(bins).assign(digits=digits, confidence=confidence / some, accuracy=right / some)


def expected_calibration_error(answers: Answers, bins: int = 10) -> float:
    """Mean gap between confidence and accuracy over the bins, weighted by their digits; NaN if there are no digits.

    Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks, ICML 2017, equation 3.
    """
    if not len(answers):
        return float("nan")
    table = reliability(answers, bins)
    gaps = (table["accuracy"] - table["confidence"]).abs().fillna(0)
    return float((gaps * table["digits"]).sum() / len(answers))


def confidence_histogram(answers: Answers, bins: int = 20) -> pd.DataFrame:
    """One row per confidence bin, as in `reliability`: low, high, and the numbers of right and wrong answers."""
    where = _bin(answers.confidence, bins)
    right, wrong = (np.bincount(where[mask], minlength=bins) for mask in (answers.right, ~answers.right))
    return _edges(bins).assign(right=right, wrong=wrong)


def _edges(bins: int) -> pd.DataFrame:
    edges = np.linspace(0, 1, bins + 1)
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:]})


def _bin(confidence: Floats, bins: int) -> Indices:
    return np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence)
