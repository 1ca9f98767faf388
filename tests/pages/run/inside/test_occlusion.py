"""Look inside: what the network looks at."""

import json

import numpy as np
import pytest

from core.data import datasets
from core.explain.occlusion import occlusion
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.pages.conftest import click, figure, texts, widget

RUN = "cnn-16-36-5k"


@pytest.fixture
def inside(app):
    datasets.load("mnist-5k")  # ready before the page asks

    def open_part(**parameters):
        test = app("inside", **({"part": "occlusion", "run": RUN, "digit": 8} | parameters))
        assert not test.exception
        return test

    return open_part


def found(patch):
    data = datasets.load("mnist-5k")
    image = data.test_images[8].astype(np.float32) / 255
    classifier = load(RunFolder(SHIPPED_DIR / RUN))
    return occlusion(classifier.probabilities, image, patch=patch, step=2), int(data.test_labels[8])


def frame(test):
    (shape,) = json.loads(test.get("plotly_chart")[0].proto.spec)["layout"]["shapes"]
    return shape["y0"] + 0.5, shape["x0"] + 0.5


@pytest.mark.parametrize("patch", [6, 10])
def test_the_map_is_the_networks_own(inside, patch):
    test = inside(patch=patch)
    expected, label = found(patch)
    drawn = np.array(figure(test)[1]["z"]).reshape(14, 14)
    np.testing.assert_allclose(drawn, -expected.change(label), atol=1e-6)
    row, column = expected.worst(label)
    assert f"row {2 * row}, column {2 * column}" in texts(test)
    assert widget(test, "number_input", "view.row").value == 2 * row
    assert widget(test, "number_input", "view.column").value == 2 * column


def test_the_patch_and_the_place_can_be_chosen(inside):
    test = inside()
    widget(test, "slider", "view.patch").set_value(4).run()
    np.testing.assert_allclose(
        np.array(figure(test)[1]["z"]).reshape(14, 14), -found(4)[0].change(found(4)[1]), atol=1e-6
    )
    widget(test, "number_input", "view.row").set_value(10).run()
    widget(test, "number_input", "view.column").set_value(20).run()
    assert not test.exception
    assert frame(test) == (9, 19)
    expected, label = found(4)
    after = 100 * expected.covered[5, 10][label]
    assert f"**{after:.2f} %**" in texts(test)
    click(test, 3, 3)
    assert frame(test) == (5, 5)
    test.button(key="occlusion.find").click().run()
    row, column = expected.worst(label)
    assert frame(test) == (2 * row - 1, 2 * column - 1)


def test_a_link_with_a_place_and_a_patch_that_are_none(inside):
    test = inside(patch=90, row=99)
    assert len(test.warning) == 2
    assert widget(test, "slider", "view.patch").value == 6


def test_every_kind_of_run_can_be_asked(app):
    test = app("inside", part="occlusion", run="mlp-512", epoch=0)
    assert not test.exception
    assert np.array(figure(test)[1]["z"]).size == 28 * 28


def test_a_place_in_a_layer_is_no_place_in_the_digit(inside):
    test = inside(layer="pool_1", row=3, column=2)
    expected, label = found(6)
    row, column = expected.worst(label)
    assert frame(test) == (2 * row - 2, 2 * column - 2)
