"""The lesson on convolution shows the network's numbers."""

import numpy as np
import pytest

from core.data.datasets import load
from core.explain.kernel import PRESETS
from core.explain.lessons.examples import clear_digits
from tests.pages.learn.conftest import played
from tests.pages.shown import widget


def image(label):
    data = load("mnist-5k")
    return data.test_images[clear_digits(data.test_images, data.test_labels)[label]].astype(np.float32) / 255


def lines(test):
    return [np.array(line["values"]) for line in played(test)["lines"]]


def test_a_learned_filter_gives_the_networks_map(lesson, network):
    test = lesson("convolution", detector="learned", filter=3, example=2, result="relu")
    classifier, weights = network
    sums, bias, z, after = lines(test)
    expected = classifier.activations(image(2))["conv_1"][..., 2].ravel()
    np.testing.assert_allclose(after, expected, atol=1e-4)
    np.testing.assert_allclose(sums + bias, z, atol=2e-4)
    np.testing.assert_allclose(np.maximum(z, 0), after, atol=1e-4)
    assert played(test)["kernel"] == pytest.approx(weights["conv_1"][0][..., 0, 2], abs=1e-4)
    assert played(test)["at"] == expected.argmax()


def test_a_preset_kernels_sums_are_those_of_the_shown_patches(lesson):
    test = lesson("convolution", detector="edge", step=300)
    data, (sums,) = played(test), lines(test)
    row, column = divmod(300, data["columns"])
    patch = np.array(data["values"])[row : row + 3, column : column + 3]
    assert sums[300] == pytest.approx(float((patch * PRESETS["edge"]).sum()), abs=1e-3)
    assert data["output"]["below"] is not None
    widget(test, "button_group", "view.result").set_value("relu").run()
    assert played(test)["output"]["below"] is None
    # the arithmetic ends with what the output shows
    assert [values[300] for values in lines(test)] == [sums[300], max(0, sums[300])]
