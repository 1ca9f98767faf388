"""Retrying a run whose learning rate was too high."""

import pytest

from core.config.presets import PRESETS
from core.runs.retry import gentler
from core.runs.status import Status

CONFIG = PRESETS["mlp"].replace(learning_rate=0.3, schedule="cosine", seed=4)


@pytest.mark.parametrize(
    ("status", "rate"),
    [
        # a schedule's rate was not set by hand
        ({"learning_rate": 0.02}, 0.1),
        ({"learning_rate": 6.0, "rate_by_hand": 6.0}, 2.0),
        ({}, 0.1),
    ],
)
def test_the_retry_has_a_third_of_the_learning_rate_and_no_other_change(status, rate):
    again = gentler(CONFIG, Status(state="failed", exploded=0.5, **status))
    assert again == CONFIG.replace(learning_rate=rate)


def test_the_learning_rate_stays_within_its_rule():
    assert gentler(CONFIG.replace(learning_rate=2e-6), Status(state="failed")).learning_rate == 1e-6
