"""The calculation of the last layer matches the network's output."""

import numpy as np
import pytest

from core.config.network import CNN, ConvolutionBlock
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.data import datasets
from core.explain.parameters import counts
from core.explain.softmax import logit_sum, softmax
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.runs.weight_arrays import weights_by_layer

RUNS = ["mlp-512", "lenet-20-50", "cnn-16-36"]


@pytest.fixture(scope="module", params=RUNS)
def network(request):
    """Classifier, name of the layer before the last, and the last layer's weights."""
    folder = RunFolder(SHIPPED_DIR / request.param)
    classifier = load(folder)
    names = [row.layer.name for row in classifier.table]
    return classifier, names[-2], weights_by_layer(folder.weights(classifier.epoch), classifier.table)[names[-1]]


@pytest.fixture(scope="module")
def digits():
    data = datasets.load("mnist-5k")
    return data.test_images[:50].astype(np.float32) / 255, data.test_labels[:50]


def test_probabilities_and_loss_match_the_network(network, digits):
    classifier, before, weights = network
    for image, label in zip(*digits, strict=True):
        outputs = classifier.activations(image)
        own = outputs["output"].astype(np.float64)
        found = softmax(outputs[before], weights)
        np.testing.assert_allclose(found.probabilities, own, atol=1e-5)
        assert found.loss(label) == pytest.approx(-np.log(own[label]), abs=1e-5)
        # logits up to a constant, which softmax drops, where float32 still has the probability
        seen = own > 1e-30
        shift = found.logits[seen] - np.log(own[seen])
        np.testing.assert_allclose(shift, shift[0], atol=1e-4)


def test_a_logit_is_the_sum_of_its_terms(network, digits):
    classifier, before, weights = network
    inputs = classifier.activations(digits[0][0])[before]
    logits = softmax(inputs, weights).logits
    for digit in range(10):
        found = logit_sum(inputs, weights, digit, 6)
        assert found.logit == pytest.approx(logits[digit], abs=1e-9)
        sizes = [abs(term.product) for term in found.terms]
        assert sizes == sorted(sizes, reverse=True)
        assert sizes[0] == np.abs(inputs.astype(np.float64) * weights[0][:, digit]).max()
        assert len(found.terms) + found.others == len(inputs)


def test_large_logits_do_not_overflow():
    weights = [np.eye(3, dtype=np.float32) * 1000, np.zeros(3, np.float32)]
    found = softmax(np.array([2, 1, 0], np.float32), weights)
    assert found.probabilities.tolist() == [1, 0, 0]
    assert found.loss(2) == 2000
    assert (found.largest, found.total) == (2000, 1)


def test_terms_of_zero_are_omitted():
    weights = [np.ones((4, 2), np.float32), np.array([1, 2], np.float32)]
    found = logit_sum(np.array([0, 3, 0, 0], np.float32), weights, 1, 3)
    assert [term.unit for term in found.terms] == [1]
    assert (found.others, found.rest, found.bias, found.logit) == (3, 0, 2, 5)


def test_parameter_counts_match_the_tutorial():
    found = counts(PRESETS["mlp-512"].layer_table)
    assert [row.factors for row in found] == [(784, 512), (512, 10)]
    assert sum(row.weights for row in found) == 28 * 28 * 512 + 512 * 10 == 406_528
    assert sum(row.biases for row in found) == 522


@pytest.mark.parametrize(
    "network",
    [
        *(PRESETS[name].network for name in RUNS),
        CNN(blocks=(ConvolutionBlock(4, 3, "valid", "average"),), batch_normalization=True),
    ],
)
def test_every_parameter_is_counted(network):
    config = RunConfig(network=network)
    found = counts(config.layer_table)
    assert sum(row.weights + row.biases for row in found) == config.parameters
    for row in found:
        assert np.prod(row.factors) == row.weights
