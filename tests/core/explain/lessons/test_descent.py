"""Gradient descent in three variants, against finite differences and plain loops."""

import numpy as np
import pytest

from core.data.datasets import load
from core.explain.lessons.descent import BATCHES, IMAGES, PASSES, RATES, Problem, descend, gradient, try_sizes

COUNT = 150


@pytest.fixture(scope="module")
def problem():
    data = load("mnist-5k")
    return Problem.of(data.train_images[:COUNT], data.train_labels[:COUNT])


@pytest.fixture(scope="module")
def descent(problem):
    return descend(problem, rate=0.1, batch_size=32)


def exact_loss(problem, weights):
    """The mean cross-entropy in float64, one image at a time."""
    scores = problem.inputs.astype(np.float64) @ weights
    own = scores[np.arange(len(problem)), problem.labels]
    return float(np.mean([np.logaddexp.reduce(row) for row in scores] - own))


def test_a_problem_holds_the_digits_and_a_column_of_ones(problem):
    images = load("mnist-5k").train_images[:COUNT]
    np.testing.assert_allclose(problem.inputs[:, :-1], images.reshape(COUNT, -1) / 255, atol=1e-7)
    assert (problem.inputs[:, -1] == 1).all()
    assert problem.targets.argmax(axis=1).tolist() == problem.labels.tolist()


def test_gradient_matches_finite_differences(problem):
    random = np.random.default_rng(5)
    weights = random.normal(0, 0.1, (785, 10)).astype(np.float32)
    found = gradient(problem.inputs, problem.targets, weights)
    inked = np.flatnonzero(problem.inputs.sum(axis=0) > 5)
    for row, column in zip(random.choice(inked, 25), random.integers(0, 10, 25), strict=True):
        step = np.zeros((785, 10))
        step[row, column] = 1e-4
        slope = (exact_loss(problem, weights + step) - exact_loss(problem, weights - step)) / 2e-4
        assert found[row, column] == pytest.approx(slope, rel=1e-3, abs=1e-6)


def test_full_batch_descent_matches_a_plain_loop(problem, descent):
    weights = np.zeros((785, 10))
    inputs, expected = problem.inputs.astype(np.float64), [exact_loss(problem, weights)]
    for _ in range(PASSES):
        shares = np.exp(inputs @ weights)
        shares /= shares.sum(axis=1, keepdims=True)
        weights = weights - 0.1 * inputs.T @ (shares - problem.targets) / COUNT
        expected.append(exact_loss(problem, weights))
    assert descent.full.updates.tolist() == list(range(PASSES + 1))
    assert descent.full.images.tolist() == [COUNT * update for update in range(PASSES + 1)]
    np.testing.assert_allclose(descent.full.loss, expected, rtol=1e-4)


def test_all_paths_start_together_and_see_the_same_number_of_images(descent):
    per_pass = {1: COUNT, 32: -(-COUNT // 32), COUNT: 1}
    for path in descent.paths:
        assert path.updates[0] == path.images[0] == 0
        assert path.loss[0] == pytest.approx(np.log(10), rel=1e-5)
        assert np.abs(path.place[0]).max() == 0
        assert path.updates[-1] == PASSES * per_pass[path.batch_size]
        assert path.images[-1] == PASSES * COUNT
        assert (np.diff(path.updates) > 0).all()
        assert path.seconds > 0
        assert path.loss[-1] < path.loss[0]
    # the last batch of a pass is smaller: 150 = 4 × 32 + 22
    ends = dict(zip(descent.mini.updates.tolist(), descent.mini.images.tolist(), strict=True))
    assert (ends[4], ends[5], ends[6]) == (128, 150, 182)


def test_until_counts_the_moments_within_this_many_images(descent):
    path = descent.full
    assert [path.until(images) for images in (0, COUNT - 1, COUNT, PASSES * COUNT)] == [1, 1, 2, PASSES + 1]


def test_a_batch_of_all_images_gives_full_batch_descent(problem):
    found = descend(problem, rate=0.3, batch_size=COUNT)
    np.testing.assert_allclose(found.mini.loss, found.full.loss, rtol=1e-5)


def test_surface_shows_the_true_loss(problem, descent):
    surface = descent.surface
    x, y = (np.abs(values).argmin() for values in (surface.x, surface.y))
    # near the start, where the loss is known
    assert surface.loss[y, x] == pytest.approx(np.log(10), abs=0.15)
    assert surface.loss.shape == (len(surface.y), len(surface.x))
    assert 0.5 < surface.share <= 1.0001
    for path in descent.paths:
        assert path.place[:, 0].min() >= surface.x[0]
        assert path.place[:, 0].max() <= surface.x[-1]
    # the loss of a path that lies in the plane is its true loss
    flat = descend(problem, rate=0.01, batch_size=COUNT)
    on_it = flat.full.place[-1]
    column, row = (
        np.abs(values - at).argmin() for values, at in zip((flat.surface.x, flat.surface.y), on_it, strict=True)
    )
    assert flat.surface.loss[row, column] == pytest.approx(float(flat.full.loss[-1]), abs=0.1)


def test_descent_is_reproducible(problem, descent):
    again = descend(problem, rate=0.1, batch_size=32)
    for before, after in zip(descent.paths, again.paths, strict=True):
        np.testing.assert_array_equal(before.loss, after.loss)


def test_the_highest_rate_is_too_high_for_single_images():
    data = load("mnist-5k")
    problem = Problem.of(data.train_images[:IMAGES], data.train_labels[:IMAGES])
    found = descend(problem, rate=RATES[-1], batch_size=32)
    assert found.stochastic.loss[-1] > np.log(10) > found.mini.loss[-1]


def test_all_batch_sizes_start_from_the_same_weights(problem):
    sizes = try_sizes(problem, rate=0.1)
    assert [each.batch_size for each in sizes] == [1, *BATCHES[::2], COUNT]
    assert [each.updates for each in sizes] == [PASSES * -(-COUNT // each.batch_size) for each in sizes]
    full = descend(problem, rate=0.1, batch_size=32).full
    assert sizes[-1].loss == pytest.approx(float(full.loss[-1]), rel=1e-6)
