"""Label errors match those of cleanlab 2.9; its results are recorded here because it is not a requirement."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.answers import Answers
from core.analysis.label_quality import label_quality, suspected, suspects_csv


def test_label_errors_of_a_real_run_match_cleanlab(shipped, status):
    found = suspected(shipped[status["best_epoch"]])
    assert found.index.tolist() == [4176, 4740, 2654, 5955]  # by get_label_quality_scores
    assert found["label"].tolist() == [2, 3, 6, 3]
    assert found["predict"].tolist() == [7, 5, 1, 8]
    untrained = suspected(shipped[0])
    assert (len(untrained), untrained.index.to_numpy().sum()) == (8922, 44_575_982)


def test_scores_of_a_real_run_sum_to_cleanlabs(shipped, status):
    for epoch, self_confidence, margin in (
        (0, 1013.989427305758, 4938.585112448782),
        (status["best_epoch"], 9901.308409351805, 9907.332189159464),
    ):
        table = label_quality(shipped[epoch])
        assert table["self_confidence"].to_numpy(np.float64).sum() == pytest.approx(self_confidence, rel=1e-6)
        assert table["normalized_margin"].to_numpy(np.float64).sum() == pytest.approx(margin, rel=1e-6)


def check_scores(answers):
    table = label_quality(answers)
    assert sorted(table.index) == list(range(len(answers)))
    assert table.columns.tolist() == ["label", "predict", "self_confidence", "normalized_margin"]
    rows = list(zip(table["normalized_margin"], table["self_confidence"], table.index, strict=True))
    assert rows == sorted(rows)
    for index, row in table.iterrows():
        probabilities, label = answers.probabilities[index].tolist(), answers.labels[index]
        own = probabilities.pop(label)
        assert (row["label"], row["predict"]) == (label, answers.predicted[index])
        assert row["self_confidence"] == pytest.approx(own)
        assert row["normalized_margin"] == pytest.approx((own - max(probabilities) + 1) / 2, abs=1e-7)


def suspects_one_by_one(answers):
    """As documented for cleanlab's compute_confident_joint, without digits whose label is the most probable class."""
    probabilities, labels = answers.probabilities.astype(float), answers.labels
    thresholds = [probabilities[labels == k, k].mean() if k in labels else 2 for k in range(10)]
    for index, (row, label) in enumerate(zip(probabilities, labels, strict=True)):
        reached = [k for k in range(10) if row[k] >= max(thresholds[k], 2e-6) - 1e-6]
        guess = reached[0] if len(reached) == 1 else row.argmax()
        if reached and guess != label and row[label] + 1e-6 < row.max():
            yield index


@given(data=st.data())
@settings(max_examples=60)
def test_made_answers(made, data):
    answers = data.draw(made())
    check_scores(answers)
    assert sorted(suspected(answers).index) == list(suspects_one_by_one(answers))


def test_scores_of_a_real_run(real):
    part = slice(4000, 4800)
    check_scores(Answers(real.log_probabilities[part], real.labels[part]))
    assert sorted(suspected(real).index) == list(suspects_one_by_one(real))


@pytest.mark.parametrize(("below", "found"), [(5e-7, [1]), (5e-6, [])])
def test_the_threshold_tolerates_rounding(below, found):
    rows = np.array([[0.6, 0.4], [0.6 - below, 0.4 + below]])
    log_probabilities = np.log(np.hstack([rows, np.full((2, 8), 1e-30)])).astype(np.float32)
    assert suspected(Answers(log_probabilities, np.array([0, 2], np.uint8))).index.tolist() == found


def test_no_digits(none):
    assert len(label_quality(none)) == len(suspected(none)) == 0


def test_suspects_are_exported_with_the_suggested_label_and_both_confidences(shipped, status):
    answers = shipped[status["best_epoch"]]
    lines = suspects_csv(suspected(answers), answers).decode().splitlines()
    assert lines[0] == "index,label,suggested_label,self_confidence,suggested_confidence,normalized_margin"
    index, label, suggested, own, other, margin = map(float, lines[1].split(","))
    assert (index, label, suggested) == (4176, 2, 7)
    assert own == pytest.approx(answers.probabilities[4176, 2], rel=1e-4)
    assert other == pytest.approx(answers.probabilities[4176, 7], rel=1e-4)
    assert margin == pytest.approx((own - other + 1) / 2, abs=1e-5)
    assert len(lines) == 5
