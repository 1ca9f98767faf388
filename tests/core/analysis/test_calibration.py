"""Calibration, checked against scikit-learn and pandas."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from core.analysis.answers import Answers
from core.analysis.calibration import confidence_histogram, expected_calibration_error, reliability


def cut(answers, bins):
    """Each digit's bin, computed by pandas."""
    edges = np.linspace(0, 1, bins + 1)
    return pd.cut(answers.confidence.astype(np.float64), edges, include_lowest=True, labels=False)


def check(answers, bins):
    table = reliability(answers, bins)
    counts = np.bincount(cut(answers, bins), minlength=bins)
    assert table["digits"].tolist() == counts.tolist()
    filled = table[table["digits"] > 0]
    accuracy, confidence = calibration_curve(answers.right, answers.confidence, n_bins=bins, pos_label=True)
    np.testing.assert_allclose(filled["accuracy"], accuracy, rtol=1e-14)
    np.testing.assert_allclose(filled["confidence"], confidence, rtol=1e-6)
    assert table.loc[table["digits"] == 0, ["confidence", "accuracy"]].isna().all(axis=None)
    error = np.average(np.abs(accuracy - confidence), weights=counts[counts > 0])
    assert expected_calibration_error(answers, bins) == pytest.approx(error, abs=1e-6)
    histogram = confidence_histogram(answers, bins)
    expected = pd.crosstab(cut(answers, bins), answers.right).reindex(range(bins), columns=[True, False], fill_value=0)
    assert histogram[["right", "wrong"]].to_numpy().tolist() == expected.to_numpy().tolist()
    assert histogram["low"].tolist() == table["low"].tolist() == [0, *table["high"][:-1]]
    assert table["high"].iloc[-1] == 1


@given(data=st.data(), bins=st.integers(1, 25))
@settings(max_examples=50)
def test_bins_match_for_generated_answers(made, data, bins):
    check(data.draw(made().filter(len)), bins)


def test_a_digit_on_an_edge_belongs_to_the_bin_below():
    rows = np.full((2, 10), 1e-30)
    rows[0, :2] = 0.5
    rows[1, 3] = 1
    table = reliability(Answers(np.log(rows).astype(np.float32), np.array([0, 4], np.uint8)), bins=2)
    assert table["digits"].tolist() == [1, 1]
    assert table["confidence"].tolist() == [0.5, 1]
    assert table["accuracy"].tolist() == [1, 0]


def test_no_digits(none):
    assert np.isnan(expected_calibration_error(none))
    assert reliability(none)["digits"].tolist() == [0] * 10
    assert reliability(none)[["confidence", "accuracy"]].isna().all(axis=None)
    assert confidence_histogram(none)[["right", "wrong"]].to_numpy().tolist() == [[0, 0]] * 20
