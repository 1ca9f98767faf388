"""Look inside: the map of occlusion."""

import numpy as np
import pytest

from core import formatting as figures
from core.explain.occlusion import occlusion
from tests.pages.actions import click
from tests.pages.run.inside.conftest import frame, network, shown_digit
from tests.pages.shown import figure, texts, widget


@pytest.fixture
def page(inside):
    return lambda **parameters: inside(part="occlusion", **parameters)


def expected(patch):
    """The occlusion of the shown digit in steps of 2, and its label."""
    image, label = shown_digit()
    return occlusion(network()[0].probabilities, image, patch=patch, step=2), label


def drawn(test):
    return np.array(figure(test)[1]["z"]).reshape(14, 14)


def test_the_map_is_computed_from_the_network(page):
    test = page(patch=10)
    found, label = expected(10)
    np.testing.assert_allclose(drawn(test), -found.change(label), atol=1e-6)
    row, column = found.worst(label)
    assert f"row {2 * row}, column {2 * column}" in texts(test)
    assert widget(test, "number_input", "view.row").value == 2 * row
    assert widget(test, "number_input", "view.column").value == 2 * column


def test_patch_and_place_can_be_chosen(page):
    test = page()
    widget(test, "slider", "view.patch").set_value(4).run()
    found, label = expected(4)
    np.testing.assert_allclose(drawn(test), -found.change(label), atol=1e-6)
    widget(test, "number_input", "view.row").set_value(10).run()
    widget(test, "number_input", "view.column").set_value(20).run()
    assert not test.exception
    assert frame(test) == (9, 19)
    assert f"**{figures.probability(found.covered[5, 10][label])}**" in texts(test)
    click(test, 3, 3)
    assert frame(test) == (5, 5)
    test.button(key="occlusion.find").click().run()
    row, column = found.worst(label)
    assert frame(test) == (2 * row - 1, 2 * column - 1)


def test_an_unusable_place_and_patch_in_a_link_are_ignored(page):
    test = page(patch=90, row=999, column=99)
    assert len(test.warning) == 1
    assert widget(test, "slider", "view.patch").value == 6


def test_a_network_without_convolution_is_covered_pixel_by_pixel(page):
    assert np.array(figure(page(run="mlp-512", epoch=0))[1]["z"]).size == 28 * 28


def test_a_place_in_a_layer_is_not_one_in_the_digit(page):
    test = page(layer="pool_1", row=3, column=2)
    found, label = expected(6)
    row, column = found.worst(label)
    assert frame(test) == (2 * row - 2, 2 * column - 2)
