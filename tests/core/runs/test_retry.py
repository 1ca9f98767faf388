"""A gentler try of a run whose learning rate was too high."""

import pytest

from core.config.presets import PRESETS
from core.runs.retry import gentler
from core.runs.status import Status

CONFIG = PRESETS["mlp"].replace(learning_rate=0.3, schedule="cosine", seed=4)


@pytest.mark.parametrize(
    ("status", "rate"),
    [
        # a schedule's rate is not one that a person chose
        ({"learning_rate": 0.02}, 0.1),
        ({"learning_rate": 6.0, "rate_by_hand": 6.0}, 2.0),
        ({}, 0.1),
    ],
)
def test_only_the_rate_changes_and_it_is_a_third(status, rate):
    again = gentler(CONFIG, Status(state="failed", exploded=0.5, **status))
    assert again == CONFIG.replace(learning_rate=rate)


def test_no_rate_is_below_the_least_that_can_be_trained():
    assert gentler(CONFIG.replace(learning_rate=2e-6), Status(state="failed")).learning_rate == 1e-6
