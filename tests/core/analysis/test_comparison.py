"""Comparisons of two runs, checked against SciPy's binomial test, scikit-learn's matrices and manual counts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix

from core.analysis.answers import Answers
from core.analysis.comparison import ABSENT, compare, differing_settings, matrix_difference, mcnemar
from core.config.presets import PRESETS


@example(0, 0)
@example(7, 7)
@example(0, 10)
@example(9_999, 10_001)
@example(0, 20_000)  # underflows
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_p_value_matches_the_binomial_test(gained, lost):
    n = gained + lost
    expected = binomtest(gained, n, 0.5).pvalue if n else 1.0
    assert mcnemar(gained, lost) == pytest.approx(expected, rel=1e-9, abs=1e-300)
    assert mcnemar(gained, lost) == mcnemar(lost, gained)


def check(a, b):
    found = compare(a, b)
    frame = pd.DataFrame({"a": a.predicted == a.labels, "b": b.predicted == b.labels})
    assert found.gained.tolist() == frame.query("not a and b").index.tolist()
    assert found.lost.tolist() == frame.query("a and not b").index.tolist()
    assert found.both_wrong == len(frame.query("not a and not b"))
    n = len(found.gained) + len(found.lost)
    expected = binomtest(len(found.gained), n, 0.5).pvalue if n else 1.0
    assert found.p_value == pytest.approx(expected, rel=1e-9, abs=1e-300)
    assert a.errors - b.errors == len(found.gained) - len(found.lost)
    difference = matrix_difference(a, b)
    if len(a):
        before, after = (confusion_matrix(x.labels, x.predicted, labels=range(10)) for x in (a, b))
        assert difference.to_numpy().tolist() == (after - before).tolist()
    assert not difference.sum(axis=1).any()


@given(data=st.data())
@settings(max_examples=50)
def test_made_answers(made, data):
    a = data.draw(made())
    check(a, data.draw(made(labels=a.labels)))


def test_answers_with_different_labels_are_rejected(real):
    other = Answers(real.log_probabilities, np.roll(real.labels, 1))
    for function in (compare, matrix_difference):
        with pytest.raises(ValueError, match="different images"):
            function(real, other)


def test_only_settings_that_differ_are_listed_in_words():
    first = PRESETS["cnn-16-36"]
    assert differing_settings(
        [first, first.replace(seed=7, dense_units=(64, 32)), first.replace(learning_rate=0.0003)]
    ) == {
        "dense_units": ["128", "64, 32", "128"],
        "learning_rate": ["0.001", "0.001", "0.0003"],
        "seed": ["1", "7", "1"],
    }


def test_a_setting_of_only_one_network_has_a_dash_for_the_other():
    found = differing_settings([PRESETS["mlp-512"], PRESETS["lenet-20-50"]])
    assert found["kind"] == ["MLP", "CNN"]
    assert found["hidden_units"] == ["512", ABSENT]
    assert found["blocks"] == [ABSENT, "20@5-valid-max, 50@5-same-max"]
    assert found["epochs"] == ["5", "2"]
    assert "optimizer" not in found


def test_settings_that_are_always_shown_come_first():
    first = PRESETS["mlp-512"]
    found = differing_settings([first, first.replace(seed=2)], always=("learning_rate", "batch_size"))
    assert list(found.items()) == [
        ("learning_rate", ["0.001", "0.001"]),
        ("batch_size", ["128", "128"]),
        ("seed", ["1", "2"]),
    ]


def test_equal_runs_and_no_runs_have_no_differing_settings():
    assert differing_settings([PRESETS["mlp"], PRESETS["mlp"]]) == {}
    assert differing_settings([]) == {}


def test_a_run_whose_settings_are_unknown_has_dashes_and_adds_no_rows():
    first, second = PRESETS["mlp-512"], PRESETS["mlp-512"].replace(learning_rate=0.01)
    rows = differing_settings([first, None, second], always=["optimizer"])
    assert rows == {"optimizer": ["RMSprop", "–", "RMSprop"], "learning_rate": ["0.001", "–", "0.01"]}
