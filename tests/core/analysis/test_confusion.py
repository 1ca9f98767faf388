"""The confusion matrix and the figures per class match scikit-learn's."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from core.analysis.confusion import confusion_matrix, macro_f1, per_class, row_shares

TEST_CLASS_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def check(answers):
    truth, given_answers, classes = answers.labels, answers.predicted, range(10)
    matrix = confusion_matrix(answers)
    assert matrix.to_numpy().tolist() == metrics.confusion_matrix(truth, given_answers, labels=classes).tolist()
    shares = metrics.confusion_matrix(truth, given_answers, labels=classes, normalize="true")
    np.testing.assert_allclose(row_shares(matrix).to_numpy(), shares, rtol=1e-15)
    report = metrics.classification_report(truth, given_answers, labels=classes, output_dict=True, zero_division=0.0)
    assert macro_f1(matrix) == pytest.approx(report["macro avg"]["f1-score"], rel=1e-14)
    table = per_class(matrix)
    expected = metrics.precision_recall_fscore_support(truth, given_answers, labels=classes, zero_division=0.0)
    np.testing.assert_allclose(table[["precision", "recall", "f1", "support"]].T.to_numpy(), expected, rtol=1e-14)
    for label, row in table.iterrows():
        mistaken = pd.Series(given_answers[(truth == label) & (given_answers != label)]).value_counts()
        assert row["errors"] == mistaken.sum()
        assert row["confused_count"] == mistaken.max() if len(mistaken) else row["confused_count"] == 0
        best = mistaken.index[mistaken == mistaken.max()]
        assert row["confused_with"] == min(best) if len(best) else row["confused_with"] is pd.NA


def test_figures_match_for_a_real_run(real):
    check(real)


@given(data=st.data())
@settings(max_examples=50)
def test_figures_match_for_generated_answers(made, data):
    check(data.draw(made().filter(len)))


def test_accuracy_matches_what_keras_recorded(shipped, status):
    matrix = confusion_matrix(shipped[status["best_epoch"]])
    assert matrix.sum(axis=1).tolist() == TEST_CLASS_COUNTS
    assert np.trace(matrix.to_numpy()) / 10_000 == status["test_accuracy"]
    last = confusion_matrix(shipped[status["epoch"]])
    assert np.trace(last.to_numpy()) / 10_000 == status["last_test_accuracy"]


def test_names_and_types(real):
    matrix = confusion_matrix(real)
    assert (matrix.index.name, matrix.columns.name) == ("label", "predicted")
    assert list(matrix.index) == list(matrix.columns) == list(range(10))
    assert set(matrix.dtypes) == {np.dtype(np.int64)}
    kinds = per_class(matrix).dtypes.astype(str).to_dict()
    assert kinds == {
        "precision": "float64",
        "recall": "float64",
        "f1": "float64",
        "support": "int64",
        "errors": "int64",
        "confused_with": "Int64",
        "confused_count": "int64",
    }


def test_no_digits_divide_by_nothing(none):
    matrix = confusion_matrix(none)
    table = per_class(matrix)
    assert row_shares(matrix).to_numpy().sum() == macro_f1(matrix) == 0
    assert table["confused_with"].isna().all()
    assert not table.drop(columns="confused_with").to_numpy().any()
