"""Time left of runs whose start takes as long as many of their epochs."""

import pytest

from core.training.callbacks.pace import Pace


def test_a_start_that_takes_as_long_as_ten_epochs_is_left_out():
    pace = Pace()
    pace.add_window(25, 3.0)
    assert pace.seconds_left(75, 4) is None
    pace.add_end(2.0)
    pace.add_window(25, 0.3)
    pace.add_end(0.2)
    assert pace.seconds_left(50, 2) == pytest.approx(2 * (0.3 + 0.2))


def test_a_long_first_epoch_has_an_estimate_before_its_end():
    pace = Pace()
    pace.add_window(10, 2.0)
    for _ in range(50):
        pace.add_window(10, 0.2)
    assert pace.seconds_left(1_000, 2) == pytest.approx(20)


def test_a_machine_that_becomes_busy_is_noticed():
    pace = Pace()
    for seconds in [0.2] * 200 + [0.4] * 100:
        pace.add_window(10, seconds)
    assert pace.seconds_left(100, 0) == pytest.approx(4, rel=0.02)
