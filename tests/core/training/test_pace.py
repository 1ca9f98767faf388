"""The estimated time left, also of runs whose start takes as long as many epochs."""

import pytest

from core.training.callbacks.pace import Pace


def test_a_slow_start_is_left_out():
    pace = Pace()
    pace.add_window(25, 3.0)
    assert pace.seconds_left(75, 4) is None
    pace.add_end(2.0)
    pace.add_window(25, 0.3)
    pace.add_end(0.2)
    assert pace.seconds_left(50, 2) == pytest.approx(2 * (0.3 + 0.2))


def test_there_is_an_estimate_before_the_first_epoch_ends():
    pace = Pace()
    pace.add_window(10, 2.0)
    for _ in range(50):
        pace.add_window(10, 0.2)
    assert pace.seconds_left(1_000, 2) == pytest.approx(20)


def test_the_estimate_follows_a_machine_that_becomes_busy():
    pace = Pace()
    for seconds in [0.2] * 200 + [0.4] * 100:
        pace.add_window(10, seconds)
    assert pace.seconds_left(100, 0) == pytest.approx(4, rel=0.02)
