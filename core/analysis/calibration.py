"""Whether a network is as often right as it is sure."""

import numpy as np
import pandas as pd

from core.analysis.answers import Answers, Floats, Indices


def reliability(answers: Answers, bins: int = 10) -> pd.DataFrame:
    """One row a bin of confidence: low, high, digits, confidence (their mean) and accuracy; NaN in empty bins.

    The bins have equal width from 0 to 1; a digit on an edge belongs to the bin below.
    """
    where = _bin(answers.confidence, bins)
    digits = np.bincount(where, minlength=bins)
    confidence = np.bincount(where, answers.confidence, minlength=bins)
    right = np.bincount(where, answers.right, minlength=bins)
    some = np.where(digits > 0, digits, np.nan)
    return _edges(bins).assign(digits=digits, confidence=confidence / some, accuracy=right / some)


def expected_calibration_error(answers: Answers, bins: int = 10) -> float:
    """The mean gap between confidence and accuracy of the bins, weighted by their digits; NaN without digits.

    Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks, ICML 2017, equation 3.
    """
    if not len(answers):
        return float("nan")
    table = reliability(answers, bins)
    gaps = (table["accuracy"] - table["confidence"]).abs().fillna(0)
    return float((gaps * table["digits"]).sum() / len(answers))


def confidence_histogram(answers: Answers, bins: int = 20) -> pd.DataFrame:
    """One row a bin of confidence, as in `reliability`: low, high, and how many answers are right and wrong."""
    where = _bin(answers.confidence, bins)
    right, wrong = (np.bincount(where[mask], minlength=bins) for mask in (answers.right, ~answers.right))
    return _edges(bins).assign(right=right, wrong=wrong)


def _edges(bins: int) -> pd.DataFrame:
    edges = np.linspace(0, 1, bins + 1)
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:]})


def _bin(confidence: Floats, bins: int) -> Indices:
    inner: Indices = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence)
    return inner
