"""The table of digits and the selection from it, computed in other ways."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import log_loss

from core.analysis.confusion import confusion_matrix
from core.analysis.mistakes import crosstab, digit_table, select

SORTS = ("loss", "confidence", "margin", "index")


def check_table(answers, tolerance):
    table = digit_table(answers)
    assert table.columns.tolist() == ["label", "predict", "confidence", "loss", "margin"]
    assert table.index.name == "index"
    assert table.index.tolist() == list(range(len(answers)))
    exact = np.exp(answers.log_probabilities.astype(np.float64))
    exact /= exact.sum(axis=1, keepdims=True)
    if len(answers):
        expected = log_loss(answers.labels, exact, labels=range(10))
        assert table["loss"].mean() == pytest.approx(expected, abs=tolerance)
    np.testing.assert_allclose(table["confidence"], exact.max(axis=1, initial=0), rtol=1e-5)
    assert table["predict"].tolist() == exact.argmax(axis=1).tolist()
    own = np.eye(10, dtype=bool)[table["label"]]
    best_other = np.where(own, 0, exact).max(axis=1, initial=0)
    np.testing.assert_allclose(table["margin"], exact[own] - best_other, atol=1e-6)
    assert ((table["margin"] < 0) <= (table["label"] != table["predict"])).all()


@given(data=st.data())
@settings(max_examples=50)
def test_table_matches_for_generated_answers(made, data):
    check_table(data.draw(made()), tolerance=1e-5)


def test_mean_loss_matches_keras(shipped, status):
    assert digit_table(shipped[status["best_epoch"]])["loss"].mean() == pytest.approx(status["test_loss"], abs=2e-5)


def check_selection(answers, true, predicted, low, high, sort, only_wrong):
    chosen = select(answers, true=true, predicted=predicted, confidence=(low, high), sort=sort, only_wrong=only_wrong)
    table = digit_table(answers)
    # the bounds are rounded to float32 like the confidences
    table = table[table["confidence"].between(np.float32(low), np.float32(high))]
    for column, value in (("label", true), ("predict", predicted)):
        table = table if value is None else table[table[column] == value]
    if only_wrong:
        table = table.query("label != predict")
    if sort != "index":
        table = table.sort_values(sort, ascending=sort == "margin", kind="stable")
    assert chosen.tolist() == table.index.tolist()
    assert chosen.dtype == np.intp


@given(data=st.data())
def test_selection_matches_for_generated_answers(made, data):
    answers = data.draw(made())
    classes = st.none() | st.integers(0, 9)
    low, high = sorted(data.draw(st.lists(st.floats(0, 1), min_size=2, max_size=2)))
    options = data.draw(st.tuples(classes, classes)), data.draw(st.sampled_from(SORTS)), data.draw(st.booleans())
    check_selection(answers, *options[0], low, high, *options[1:])


def test_default_selection_is_all_mistakes_by_descending_loss(real):
    chosen = select(real)
    assert sorted(chosen) == real.wrong.tolist()
    assert real.loss[chosen[0]] == real.loss.max()


@given(data=st.data())
@settings(max_examples=30)
def test_crosstab_is_the_confusion_matrix_without_absent_classes(made, data):
    answers = data.draw(made().filter(len))
    table = crosstab(answers)
    expected = confusion_matrix(answers).loc[np.unique(answers.labels), np.unique(answers.predicted)]
    assert table.to_numpy().tolist() == expected.to_numpy().tolist()
    assert (table.index.name, table.columns.name) == ("label", "predict")
    assert table.index.tolist() == expected.index.tolist()


def test_no_digits(none):
    assert crosstab(none).empty
    assert select(none).tolist() == []
    assert isinstance(digit_table(none), pd.DataFrame)
