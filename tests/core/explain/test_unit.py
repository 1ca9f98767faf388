"""A unit's arithmetic by hand matches the shipped networks."""

import numpy as np
import pytest

from core.config.layers import Dense
from core.explain.activation import activated
from core.explain.unit import unit_sum
from tests.core.explain.test_convolution import into, opened


@pytest.mark.parametrize(("run", "epoch"), [("mlp-512", 5), ("mlp-512", 0), ("lenet-20-50", 2), ("cnn-16-36", 15)])
def test_every_dense_layer_by_hand_matches_the_network(run, epoch):
    classifier, weights, activations = opened(run, epoch)
    for row in classifier.table:
        if isinstance(row.layer, Dense):
            name = row.layer.name
            inputs = into(activations, name)
            sums = [unit_sum(*weights[name], inputs, unit) for unit in range(row.layer.units)]
            by_hand = activated(np.array([one.z for one in sums]), row.layer.activation)
            assert np.abs(by_hand - activations[name]).max() < 1e-5
            terms = list(sums[3].largest(len(inputs)))
            assert len(terms) == sums[3].not_zero
            assert sum(weight * value for _, weight, value in terms) + sums[3].bias == pytest.approx(sums[3].z)


def test_largest_terms_of_either_sign_come_first():
    weights = np.array([[1.0], [-5.0], [2.0], [9.0]], np.float32)
    added = unit_sum(weights, np.array([0.5], np.float32), np.array([1, 1, 1, 0], np.float32), 0)
    assert [place for place, _, _ in added.largest(9)] == [1, 2, 0]
    assert added.z == -1.5


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("relu", -2.0, 0.0),
        ("relu", 2.0, 2.0),
        ("linear", -2.0, -2.0),
        ("tanh", 1.0, 0.7615942),
        ("sigmoid", -1000.0, 0.0),
        ("sigmoid", 1.0, 0.7310586),
        ("elu", -1.0, -0.6321206),
        ("gelu", 1.0, 0.8413447),
        ("silu", 1.0, 0.7310586),
    ],
)
def test_activations_match_the_textbook(name, value, expected):
    assert activated(np.array(value), name) == pytest.approx(expected, abs=1e-6)


def test_softmax_of_large_logits_sums_to_one():
    found = activated(np.array([1000.0, 999.0, -1000.0]), "softmax")
    assert found.sum() == pytest.approx(1)
    assert found[0] / found[1] == pytest.approx(np.e)
