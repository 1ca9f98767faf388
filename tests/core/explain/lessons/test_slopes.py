"""A small network trained at rates from too low to too high."""

import numpy as np
import pytest

from core.data.datasets import load
from core.explain.lessons.descent import IMAGES, RATES, Problem
from core.explain.lessons.slopes import Network, try_rates

GUESSING = np.log(10)


@pytest.fixture(scope="module")
def problem():
    data = load("mnist-5k")
    return Problem.of(data.train_images[:IMAGES], data.train_labels[:IMAGES])


def test_a_high_rate_diverges_and_a_low_rate_barely_learns(problem):
    slopes = try_rates(problem)
    assert [slope.rate for slope in slopes] == sorted(RATES, reverse=True)
    highest, lowest = slopes[0].loss, slopes[-1].loss
    assert max(highest) > 2 * GUESSING
    assert highest[-1] > 0.99 * GUESSING
    assert 0.9 * lowest[0] < lowest[-1] < lowest[0]
    assert min(slopes, key=lambda slope: slope.loss[-1]).rate not in (min(RATES), max(RATES))


def test_an_update_follows_the_negative_gradient(problem):
    few = Problem(problem.inputs[:30], problem.labels[:30], problem.targets[:30])

    def loss_with(part, place, by):
        network = Network.new(few.inputs.shape[1])
        getattr(network, part)[place] += by
        return network.loss(few)

    network = Network.new(few.inputs.shape[1])
    before = {"hidden": network.hidden.copy(), "output": network.output.copy()}
    network.update(few.inputs, few.targets, 1.0)
    for part, old in before.items():
        change = getattr(network, part) - old
        place = np.unravel_index(np.abs(change).argmax(), change.shape)
        slope = (loss_with(part, place, 0.001) - loss_with(part, place, -0.001)) / 0.002
        # the kink of a ReLU may lie within the finite difference
        assert change[place] == pytest.approx(-slope, rel=0.06)
