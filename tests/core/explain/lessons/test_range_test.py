"""The range test: rates grow, and what it suggests trains well."""

import numpy as np
import pytest

from core.charts.palette import LIGHT
from core.charts.range_test import range_test_figure
from core.data.datasets import load
from core.explain.lessons.descent import IMAGES, Problem
from core.explain.lessons.range_test import BATCH_SIZE, HIGHEST, LOWEST, range_test
from core.explain.lessons.slopes import Network


@pytest.fixture(scope="module")
def problem():
    data = load("mnist-5k")
    return Problem.of(data.train_images[:IMAGES], data.train_labels[:IMAGES])


@pytest.fixture(scope="module")
def found(problem):
    return range_test(problem)


def test_the_rate_grows_by_the_same_factor_until_the_loss_has_diverged(found):
    factors = found.rates[1:] / found.rates[:-1]
    assert found.rates[0] == pytest.approx(LOWEST)
    assert factors == pytest.approx((HIGHEST / LOWEST) ** (1 / (-(-IMAGES // BATCH_SIZE) - 1)))
    assert found.smoothed[-1] > 4 * found.smoothed.min() or found.rates[-1] == pytest.approx(HIGHEST)
    # an untrained network guesses among ten classes
    assert found.loss[0] == pytest.approx(np.log(10), abs=0.3)


def test_the_suggested_rate_learns_faster_than_a_tenth_of_it_and_does_not_diverge(found, problem):
    assert found.suggested == pytest.approx(found.rates[np.argmin(found.smoothed)] / 10)

    def after_an_epoch(rate):
        network, batches = Network.new(problem.inputs.shape[1]), problem.batches(BATCH_SIZE)
        for _ in range(-(-IMAGES // BATCH_SIZE)):
            network.update(*next(batches), rate)
        return network.loss(problem)

    good = after_an_epoch(found.suggested)
    assert good < after_an_epoch(found.suggested / 10)
    # an untrained network has ln 10
    assert good < 0.75 * np.log(10)
    assert not after_an_epoch(HIGHEST) < good


def test_the_figure_marks_the_lowest_and_the_suggested_rate(found):
    figure = range_test_figure(found, colors=LIGHT, height=280)
    assert [shape.x0 for shape in figure.layout.shapes] == [found.lowest, found.suggested]
    assert figure.data[1].y == tuple(found.smoothed)
