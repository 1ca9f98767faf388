"""The verdict on real histories: each was trained by the command beside it, and judged by eye."""

import json
import math
from pathlib import Path

import pytest

from core.analysis.verdict import GUESSING, judge, lower_rate

HISTORIES = json.loads((Path(__file__).parent / "histories.json").read_text(encoding="utf-8"))


def verdict_on(history, epochs=None):
    loss, accuracy, val_loss = (
        [math.nan if value is None else value for value in history[name][:epochs]]
        for name in ("loss", "accuracy", "val_loss")
    )
    return judge(loss, val_loss, accuracy=accuracy, learning_rate=history["learning_rate"])


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history["run"])
def test_says_of_a_real_run_what_a_teacher_would(history):
    assert verdict_on(history).kind == history["verdict"]


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history["run"])
def test_a_sound_run_is_never_told_off_on_its_way(history):
    if history["verdict"] in ("improving", "unvalidated"):
        kinds = {verdict_on(history, epochs).kind for epochs in range(1, len(history["loss"]) + 1)}
        assert kinds <= {"too_early", "improving", "level", "unvalidated"}


def test_tells_since_when_the_long_tutorial_run_overfits():
    history = next(h for h in HISTORIES if h["run"] == "--preset mlp-512-overfit --dataset mnist")
    values = verdict_on(history).values
    assert 6 <= values["epoch"] <= 10
    assert values["low"] == min(history["val_loss"])
    assert values["now"] == history["val_loss"][-1] > values["low"]
    assert values["loss"] == history["loss"][-1] < values["then"]


def test_advises_the_next_rung_of_the_ladder():
    assert [lower_rate(rate) for rate in (1, 0.03, 0.01, 0.003, 0.001, 0.0001)] == [
        0.01,
        0.01,
        0.003,
        0.001,
        0.0003,
        None,
    ]


def test_does_not_advise_a_lower_rate_where_a_low_one_never_learned():
    stuck = judge([2.36, 2.351, 2.350], [math.nan] * 3, accuracy=[0.1] * 3, learning_rate=0.001)
    assert (stuck.kind, stuck.lower_rate) == ("not_converging", None)
    assert stuck.values["guessing"] == GUESSING == pytest.approx(2.302585)


def test_a_perfect_run_divides_by_nothing():
    assert judge([0.1, 0.0, 0.0, 0.0], [0.1, 0.0, 0.0, 0.0], accuracy=[1.0] * 4, learning_rate=0.001).kind == "level"


@pytest.mark.parametrize("epochs", [0, 1, 2])
def test_waits_for_three_epochs(epochs):
    assert (
        judge([0.5, 0.3][:epochs], [0.4, 0.3][:epochs], accuracy=[0.9] * epochs, learning_rate=0.001).kind
        == "too_early"
    )
