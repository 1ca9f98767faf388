"""The verdict under the curves."""

import math

import pytest

from core.charts.learning_curves import Curves
from core.config.presets import PRESETS
from core.runs.folder import EPOCH_COLUMNS
from core.runs.status import Status
from pages.shared.outcome import verdict_sentence

NONE = (math.nan,) * 4

SENTENCES = {
    "wide gap": (
        (0.25, 0.09, 0.04, 0.02, 0.012), (0.14, 0.1, 0.09, 0.086, 0.084), 0.001,
        "Overfitting: training loss fell to 0.012, but validation loss is 0.084. "
        "Dropout, augmentation or a smaller network may help; more epochs widen the gap.",
    ),
    "validation loss rises": (
        (0.4, 0.1, 0.02, 0.01, 0.005), (0.3, 0.25, 0.27, 0.3, 0.31), 0.001,
        "Overfitting since epoch 2: validation loss rose from 0.25 to 0.31 while training loss fell from 0.1 to 0.005. "
        "Dropout, augmentation or a smaller network may help; more epochs widen the gap.",
    ),
    "healthy": (
        (1.2, 0.5, 0.4, 0.3), (0.7, 0.45, 0.36, 0.27), 0.001,
        "Still improving: the best validation loss of the last 2 epochs is 40\xa0% lower than before. "
        "More epochs may help.",
    ),
    "healthy with a growing gap": (
        (1.2, 0.5, 0.34, 0.26), (0.7, 0.45, 0.36, 0.3), 0.001,
        "Still improving: the best validation loss of the last 2 epochs is 33\xa0% lower than before.",
    ),
    "level": (
        (0.5, 0.3, 0.3, 0.3, 0.29), (0.4, 0.25, 0.26, 0.25, 0.26), 0.001,
        "Leveled off: the lowest validation loss, 0.25, was in epoch 2; the last one is 0.26.",
    ),
    "NaN": (
        (0.9, math.nan), (0.8, math.nan), 1.0,
        "Diverges: training loss is NaN, and guessing gives 2.303. The learning rate 1 looks too high; try 0.01.",
    ),
    "diverges": (
        (90, 120, 150), (95, 100, 140), 1.0,
        "Diverges: training loss is 150, and guessing gives 2.303. The learning rate 1 looks too high; try 0.01.",
    ),
    "dead": (
        (2.36, 2.351, 2.35), NONE[:3], 0.001,
        "Does not learn: training loss is 2.35, and guessing gives 2.303. "
        "Try a higher learning rate than 0.001, another optimizer or fewer layers.",
    ),
    "rate too high": (
        (4.3, 0.7, 0.55, 0.56, 0.52), (0.8, 0.7, 0.6, 0.75, 0.66), 0.03,
        "Does not settle: after 5 epochs, training loss is still 0.52. "
        "The learning rate 0.03 looks too high; try 0.01.",
    ),
    "rate too low": (
        (2.3, 2.2, 2.1, 2.0), (2.25, 2.15, 2.05, 1.95), 0.00003,
        "Learns slowly: training loss falls by 5\xa0% per epoch and is still 2. "
        "The learning rate 0.00003 looks too low; try 0.0001.",
    ),
    "rate too low off the ladder": (
        (2.3, 2.2, 2.1, 2.0), NONE, 0.02,
        "Learns slowly: training loss falls by 5\xa0% per epoch and is still 2. "
        "Try a higher learning rate than 0.02, another optimizer or fewer layers.",
    ),
    "noisy training": (
        (0.3, 0.1, 0.13, 0.08, 0.12), (*NONE, math.nan), 0.01,
        "Noisy: training loss jumped up 2 times in 4 epochs, most in epoch 5, from 0.08 to 0.12. "
        "The learning rate 0.01 looks too high; try 0.003.",
    ),
    "noisy validation": (
        (0.8, 0.3, 0.2, 0.15, 0.13), (0.4, 0.25, 0.4, 0.3, 0.5), 0.01,
        "Noisy: validation loss jumped up 2 times in 4 epochs, most in epoch 5, from 0.3 to 0.5. "
        "The learning rate 0.01 looks too high; try 0.003.",
    ),
    "not validated": (
        (0.5, 0.3, 0.2), NONE[:3], 0.001,
        "Training loss went from 0.3 to 0.2 in the last epoch. Without validation images, overfitting cannot be seen.",
    ),
    "too short": ((0.5, 0.3), (0.4, 0.3), 0.001, ""),
    "nothing yet": ((), (), 0.001, ""),
}  # fmt: skip


def sentence(loss, val_loss, rate, /, state="finished", **settings):
    rows = [
        tuple({"loss": trained, "val_loss": held_out}.get(name, math.nan) for name in EPOCH_COLUMNS)
        for trained, held_out in zip(loss, val_loss, strict=True)
    ]
    config = PRESETS["layers"].replace(**settings)
    return verdict_sentence(Curves(epochs=tuple(rows)), Status(state=state, learning_rate=rate), config)


@pytest.mark.parametrize("case", SENTENCES)
def test_the_verdict_describes_the_curves_and_gives_advice(case):
    *history, expected = SENTENCES[case]
    assert sentence(*history) == expected


def test_a_failed_run_has_no_verdict():
    *history, _ = SENTENCES["healthy"]
    assert sentence(*history, state="failed") == ""
    assert sentence(*history, state="interrupted")


@pytest.mark.parametrize(
    "settings",
    [
        {"loss": "mean_squared_error"},
        {"loss": "categorical_crossentropy", "label_smoothing": 0.1},
        {"layers": "flatten dense(9,l2=0.01)"},
    ],
)
def test_a_loss_that_the_rules_are_not_made_for_has_no_verdict(settings):
    *history, _ = SENTENCES["wide gap"]
    assert sentence(*history, **settings).startswith("No verdict: its rules are for plain cross-entropy")
    assert sentence(*history, loss="categorical_crossentropy") == sentence(*history)


def test_a_run_in_training_says_how_many_epochs_a_verdict_needs():
    assert sentence((0.5, 0.3), (0.4, 0.3), 0.001, state="training") == "A verdict needs at least three epochs."
