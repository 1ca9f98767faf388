"""The one-cycle schedule within the compiled step."""

import keras
import numpy as np
import pytest

from core.config.run import RunConfig
from core.config.schedule import one_cycle_factor
from core.training.networks import build_optimizer
from core.training.one_cycle import last_rate, set_rate

CONFIG = RunConfig(
    dataset="mnist-5k", optimizer="sgd", momentum=0, schedule="one_cycle", learning_rate=0.1, epochs=2, batch_size=1000
)
UPDATES = 8


def moved(optimizer, times: int) -> np.ndarray:
    """How far each of these updates moves a weight with gradient 1: the rate of plain SGD."""
    weight = keras.Variable(0.0)
    optimizer.build([weight])
    places = [0.0]
    for _ in range(times):
        optimizer.apply_gradients([(keras.ops.ones(()), weight)])
        places.append(float(weight))
    return -np.diff(places)


def test_the_rate_of_each_update_rises_to_the_peak_and_falls_to_nearly_zero() -> None:
    planned = [0.1 * one_cycle_factor(update, UPDATES, 0.25) for update in range(UPDATES)]
    assert moved(build_optimizer(CONFIG), UPDATES) == pytest.approx(planned, rel=1e-4)
    assert np.argmax(planned) in (1, 2)
    assert 0.08 < max(planned) < 0.1
    assert 0 < planned[-1] < 0.01
    # one update has a rate
    assert 0 < one_cycle_factor(0, 1, 0.25) < 1


def test_a_rate_set_by_hand_is_the_peak_of_what_is_left() -> None:
    optimizer = build_optimizer(CONFIG)
    moved(optimizer, 3)
    optimizer.learning_rate = 0.05
    assert set_rate(optimizer) == pytest.approx(0.05)
    assert last_rate(optimizer) == pytest.approx(0.05 * one_cycle_factor(2, UPDATES, 0.25))
    assert float(optimizer.learning_rate) == pytest.approx(0.05 * one_cycle_factor(3, UPDATES, 0.25))


def test_other_schedules_have_one_rate() -> None:
    optimizer = build_optimizer(CONFIG.replace(schedule="cosine"))
    assert set_rate(optimizer) == last_rate(optimizer) == pytest.approx(0.1)
