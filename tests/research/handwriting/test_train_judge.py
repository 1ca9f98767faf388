"""The training finds nonlinear boundaries in features and shapes in images, and its gradient is right."""

import numpy as np
import pytest

from research.handwriting import train_judge
from research.handwriting.train_judge import HIDDEN, LARGEST, Examples, train


@pytest.fixture(autouse=True)
def enough_steps(monkeypatch):
    """A few examples make few batches."""
    monkeypatch.setattr(train_judge, "_EPOCHS", 30)


def rings(seed, count=1500):
    """Rows within a circle, and rows around it; the images are blank."""
    random = np.random.default_rng(seed)
    angle = random.uniform(0, 2 * np.pi, (2, count))
    radius = np.stack([random.uniform(0, 1, count), random.uniform(1.5, 2.5, count)])
    rows = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2)
    return [Examples((100 + 20 * each).astype(np.float32), blank(count)) for each in rows]


def blank(count):
    return np.zeros((count, 28, 28), np.float32)


def bars(seed, count):
    """Images of an upright and of a level bar; the rows are the same."""
    random = np.random.default_rng(seed)
    upright = blank(count)
    for image, column in zip(upright, random.integers(4, 24, count), strict=True):
        image[5:22, column] = 1
    rows = np.zeros((count, 3), np.float32)
    return Examples(rows, upright), Examples(rows, upright.transpose(0, 2, 1).copy())


def test_it_classifies_unseen_rows():
    judge = train(*rings(1), filters=())
    inner, outer = rings(2)
    assert (judge.scores(*inner) > 0).mean() > 0.97
    assert (judge.scores(*outer) < 0).mean() > 0.97


def test_it_classifies_unseen_images():
    judge = train(*bars(1, 200), filters=(4, 6))
    upright, level = bars(2, 60)
    assert (judge.scores(*upright) > 0).mean() > 0.95
    assert (judge.scores(*level) < 0).mean() > 0.95


def test_a_rare_class_has_equal_weight():
    inner, outer = rings(1)
    judge = train(inner, Examples(outer.rows[:150], outer.images[:150]), filters=())
    assert (judge.scores(*outer) < 0).mean() > 0.9


def test_many_inputs_reduce_the_hidden_units():
    rows = np.random.default_rng(1).normal(0, 1, (40, 5000)).astype(np.float32)
    few, many = ([Examples(each[:, :count], blank(20)) for each in (rows[:20], rows[20:])] for count in (30, 5000))
    assert train(*few, filters=()).first.shape == (30, HIDDEN)
    assert train(*many, filters=()).first.shape == (5000, LARGEST // 5000)


def test_the_gradient_is_that_of_the_loss(monkeypatch):
    for name in ("_DROPPED", "_DECAY"):
        monkeypatch.setattr(train_judge, name, 0.0)
    random = np.random.default_rng(3)
    rows, images = random.normal(0, 1, (6, 5)).astype(np.float32), random.random((6, 28, 28), np.float32)
    kinds, weights = np.array([1, 0, 1, 0, 1, 0], np.float32), np.ones(6, np.float32)
    values = train_judge._values(5, (28, 28), (3, 4), random)

    def loss():
        hidden, bias, output, shift, *of_convolutions = values
        maps = images[..., None]
        for kernel, offset in train_judge._pairs(of_convolutions):
            maps = train_judge.Convolution(kernel, offset)(maps)
        after = np.maximum(np.concatenate([rows, maps.reshape(6, -1)], axis=1) @ hidden + bias, 0)
        return np.mean(np.logaddexp(0, np.where(kinds == 1, -1, 1) * (after @ output + shift)).astype(np.float64))

    slopes = train_judge._slopes(values, rows, images, kinds, weights, random)
    assert [slope.shape for slope in slopes] == [value.shape for value in values]
    for value, slope in zip(values, slopes, strict=True):
        direction = random.normal(0, 1, value.shape).astype(np.float32)
        value += 1e-4 * direction
        above = loss()
        value -= 2e-4 * direction
        below = loss()
        value += 1e-4 * direction
        assert (above - below) / 2e-4 == pytest.approx(float((slope * direction).sum()), rel=0.05, abs=2e-3)
