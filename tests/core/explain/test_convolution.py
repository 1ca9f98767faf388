"""Convolution by hand, against SciPy and against the layers of the shipped networks."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import correlate2d

from core.config.layer import Window
from core.data import datasets
from core.explain.activation import activated
from core.explain.convolution import convolved, output_pixel
from core.explain.flow import convolutions
from core.inference.classifier import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.runs.weight_arrays import weights_by_layer

RUNS = ("lenet-20-50", "cnn-16-36")


@cache
def digit():
    """A real test digit, float32 (28, 28)."""
    return datasets.load("mnist-5k").test_images[7].astype(np.float32) / np.float32(255)


@cache
def opened(run, epoch):
    """A shipped network after an epoch, its weights, and its layer outputs for the digit."""
    folder = RunFolder(SHIPPED_DIR / run)
    classifier = load(folder, epoch)
    return classifier, weights_by_layer(folder.weights(epoch), classifier.table), classifier.activations(digit())


def into(activations, layer):
    names = list(activations)
    place = names.index(layer)
    return activations[names[place - 1]] if place else digit()[..., None]


@given(
    arrays(np.float32, (9, 11, 2), elements=st.floats(-2, 2, width=32)),
    st.integers(1, 5),
    st.sampled_from(["same", "valid"]),
    st.integers(0, 10**6),
)
@settings(max_examples=40)
def test_convolution_matches_scipy(image, side, padding, seed):
    kernel = np.random.default_rng(seed).normal(size=(side, side, 2)).astype(np.float32)
    before, after = (side - 1) // 2, side // 2
    frame = (before, after) if padding == "same" else (0, 0)
    wide = np.pad(image.astype(np.float64), (frame, frame, (0, 0)))
    expected = sum(correlate2d(wide[..., c], kernel[..., c].astype(np.float64), mode="valid") for c in range(2)) + 0.5
    found = convolved(image, kernel, 0.5, Window((side, side), padding=padding))
    assert found.shape == ((9, 11) if padding == "same" else (10 - side, 12 - side))
    assert np.allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("epoch", [0, 2])
def test_every_pixel_by_hand_matches_the_network(run, epoch):
    classifier, weights, activations = opened(run, epoch)
    for layer in convolutions(classifier.table):
        kernels, biases = weights[layer.name]
        image, maps = into(activations, layer.name), activations[layer.name]
        for number in (0, layer.filters // 2, layer.filters - 1):
            result = convolved(image, kernels[..., number], biases[number], layer.window)
            assert np.abs(activated(result, layer.activation) - maps[..., number]).max() < 1e-5
            for row, column in [(0, 0), (5, 7), (maps.shape[0] - 1, maps.shape[1] - 1)]:
                pixel = output_pixel(image, kernels[..., number], biases[number], layer.window, row, column)
                by_hand = float((pixel.patch * pixel.kernel).sum()) + float(biases[number])
                assert pixel.value == pytest.approx(by_hand, abs=1e-9)
                assert float(pixel.channel_sums.sum()) + pixel.bias == pytest.approx(by_hand, abs=1e-9)
                assert abs(max(by_hand, 0.0) - maps[row, column, number]) < 1e-5


def test_patches_include_the_padding_only_with_same():
    image = np.arange(1, 26, dtype=np.float32).reshape(5, 5, 1)
    kernel = np.ones((3, 3, 1), np.float32)
    same, valid = Window((3, 3), padding="same"), Window((3, 3))
    assert output_pixel(image, kernel, 0, same, 0, 0).patch[..., 0].tolist() == [[0, 0, 0], [0, 1, 2], [0, 6, 7]]
    assert output_pixel(image, kernel, 0, valid, 0, 0).patch[..., 0].tolist() == [[1, 2, 3], [6, 7, 8], [11, 12, 13]]
