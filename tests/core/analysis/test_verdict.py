"""Verdicts on real histories: labeled ones with a known fault (docs/verdict.md), and single runs judged by eye."""

import json
import math
from functools import partial
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.histories import read
from benchmarks.verdict import FALSE, FOUND, VERDICTS, score, total
from core.analysis.verdict import gap_grows, guessing, higher_rate, judge_shape, lower_rate
from core.analysis.verdict import judge as judge_classes

FOLDER = Path(__file__).parent
HISTORIES = json.loads((FOLDER / "histories.json").read_text(encoding="utf-8"))
LABELED = read(FOLDER / "labeled.csv")

judge = partial(judge_classes, classes=10)


def verdict_on(history, epochs=None):
    loss, val_loss = (
        [math.nan if value is None else value for value in history[name][:epochs]] for name in ("loss", "val_loss")
    )
    return judge(loss, val_loss, learning_rate=history["learning_rate"])


HALVES = {held_out: [history for history in LABELED if history.held_out == held_out] for held_out in (False, True)}


@pytest.mark.parametrize("held_out", HALVES, ids=["tuned on", "held out"])
def test_all_verdicts_together_are_accurate_enough(held_out):
    found = total(HALVES[held_out])
    assert found.found >= FOUND * found.ill
    assert found.false <= FALSE * found.others


@pytest.mark.parametrize("held_out", HALVES, ids=["tuned on", "held out"])
@pytest.mark.parametrize("name", VERDICTS)
def test_each_verdict_is_found_where_it_applies_and_rarely_elsewhere(name, held_out):
    found = score(name, HALVES[held_out])
    assert found.ill >= 30
    assert found.found >= FOUND * found.ill
    assert found.false <= FALSE * found.others


def test_more_epochs_are_not_recommended_while_the_gap_grows():
    advised = 0
    for history in LABELED:
        for epochs in range(3, len(history.loss) + 1):
            loss, val_loss = history.loss[:epochs], history.val_loss[:epochs]
            if judge(loss, val_loss, learning_rate=history.learning_rate).more_epochs:
                advised += 1
                assert not gap_grows(loss, val_loss)
                assert median(loss[-3:]) > 0.6 * median(val_loss[-3:])
    assert advised > 20


def test_a_healthy_run_is_never_criticized_while_it_trains():
    kinds = {
        judge(history.loss[:epochs], history.val_loss[:epochs], learning_rate=history.learning_rate).kind
        for history in LABELED
        if history.kind == "healthy"
        for epochs in range(1, len(history.loss) + 1)
    }
    assert kinds == {"too_early", "improving", "level"}


def test_a_wide_gap_is_overfitting_while_validation_loss_still_falls():
    verdict = judge([0.25, 0.09, 0.04, 0.02, 0.012], [0.14, 0.1, 0.09, 0.086, 0.084], learning_rate=0.001)
    assert (verdict.kind, verdict.more_epochs) == ("widening", False)
    assert (verdict.values["loss"], verdict.values["now"]) == (0.012, 0.084)


def test_validation_loss_within_five_percent_of_its_lowest_has_not_risen():
    loss = [0.25, 0.09, 0.04, 0.02, 0.012]
    assert judge(loss, [0.14, 0.1, 0.084, 0.086, 0.087], learning_rate=0.001).kind == "widening"
    assert judge(loss, [0.14, 0.1, 0.084, 0.089, 0.090], learning_rate=0.001).kind == "overfitting"


def test_a_gap_grows_when_validation_loss_is_above_training_loss_and_moves_away():
    assert gap_grows([0.3, 0.2, 0.1], [0.3, 0.25, 0.2])
    assert not gap_grows([0.3, 0.25, 0.2], [0.2, 0.17, 0.15])
    assert not gap_grows([0.3, 0.2, 0.1, 0.1], [0.5, 0.4, 0.2, 0.2])


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history["run"])
def test_verdict_on_a_real_run_matches_a_teachers(history):
    assert verdict_on(history).kind == history["verdict"]


def test_overfitting_names_the_epoch_where_it_began():
    history = next(h for h in HISTORIES if h["run"] == "--preset mlp-512-overfit --dataset mnist")
    values = verdict_on(history).values
    assert 6 <= values["epoch"] <= 10
    assert values["low"] == min(history["val_loss"])
    assert values["now"] == history["val_loss"][-1] > values["low"]
    assert values["loss"] == history["loss"][-1] < values["then"]


def test_recommends_the_next_rate_of_the_ladder():
    rates = (1, 0.03, 0.01, 0.003, 0.001, 0.0001)
    assert [lower_rate(rate) for rate in rates] == [0.01, 0.01, 0.003, 0.001, 0.0003, None]
    assert [higher_rate(rate) for rate in (*rates, 0.00002)] == [None, None, None, 0.01, 0.003, 0.0003, 0.0001]


def test_no_lower_rate_is_recommended_if_a_low_one_never_learned():
    stuck = judge([2.36, 2.351, 2.350], [math.nan] * 3, learning_rate=0.001)
    assert (stuck.kind, stuck.rate) == ("dead", None)
    assert stuck.values["guessing"] == guessing(10) == pytest.approx(2.302585)


def test_a_loss_of_0_does_not_divide_by_0():
    assert judge([0.1, 0.0, 0.0, 0.0], [0.1, 0.0, 0.0, 0.0], learning_rate=0.001).kind == "level"


@pytest.mark.parametrize("epochs", [0, 1, 2])
def test_verdict_needs_three_epochs(epochs):
    assert judge([0.5, 0.3][:epochs], [0.4, 0.3][:epochs], learning_rate=0.001).kind == "too_early"


@given(
    st.lists(st.tuples(st.floats(0, width=32), st.floats(0, width=32) | st.just(math.nan)), max_size=30),
    st.floats(1e-6, 10),
)
def test_any_history_gets_a_verdict(rows, learning_rate):
    loss, val_loss = [row[0] for row in rows], [row[1] for row in rows]
    verdict = judge(loss, val_loss, learning_rate=learning_rate)
    assert verdict.kind == "diverging" or all(map(math.isfinite, loss))


def test_losses_are_judged_by_what_guessing_among_the_classes_gives():
    # near the loss of guessing among a hundred classes, far above that of guessing among three
    loss = [4.62, 4.605, 4.604]
    stuck = judge_classes(loss, [math.nan] * 3, learning_rate=0.001, classes=100)
    assert (stuck.kind, stuck.values["guessing"]) == ("dead", pytest.approx(4.60517))
    assert judge_classes(loss, [math.nan] * 3, learning_rate=0.001, classes=3).kind == "diverging"
    falling = [3.0, 2.2, 1.6, 1.2]
    assert judge_classes(falling, falling, learning_rate=0.001, classes=100).kind == "improving"


@pytest.mark.parametrize("scale", [1, 0.02])
def test_without_a_known_loss_the_shape_of_the_curves_is_judged(scale):
    def shape(loss, val_loss=None):
        held_out = [scale * value for value in val_loss] if val_loss else [math.nan] * len(loss)
        return judge_shape([scale * value for value in loss], held_out, learning_rate=0.01)

    # a loss near that of guessing is not a fault where nobody knows the loss
    assert shape([2.3, 2.2, 2.1, 2.0]).kind == "unvalidated"
    assert shape([2.3, 2.2, 2.1], [2.3, 2.2, 2.1]).kind == "improving"
    assert shape([2.3, 2.2, 2.2, 2.2], [2.3, 2.2, 2.2, 2.2]).kind == "level"
    assert shape([2.0, 1.0]).kind == "too_early"
    overfitting = shape([9.0, 6.0, 4.0, 2.0, 1.5, 1.0], [9.0, 7.0, 6.0, 6.5, 7.0, 7.5])
    assert (overfitting.kind, overfitting.values["epoch"]) == ("overfitting", 3)
    noisy = shape([9.0, 6.0, 9.0, 5.0, 9.0, 5.0])
    assert (noisy.kind, noisy.rate) == ("noisy", lower_rate(0.01))
