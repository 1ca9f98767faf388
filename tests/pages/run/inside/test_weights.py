"""Look inside: weights and units over the epochs."""

import numpy as np
import pytest

from core.explain.weight_statistics import DIGITS, activity, histogram, moved
from core.runs.weight_arrays import weights_by_layer
from tests.pages.run.inside.conftest import FOLDER, network, settled, shown_digits
from tests.pages.shown import figure, sentences, texts, widget


@pytest.fixture
def page(inside):
    return lambda **parameters: inside(part="weights", **parameters)


def test_the_histogram_compares_the_epoch_with_the_untrained_layer(page):
    test = page(epoch=5, layer="conv_2")
    assert not sentences(test)
    table = network()[0].table
    expected = histogram(*(weights_by_layer(FOLDER.weights(epoch), table)["conv_2"][0] for epoch in (5, 0)))
    shown, untrained, _ = figure(test, 0)
    np.testing.assert_allclose(shown["x"], expected.edges)
    np.testing.assert_allclose(shown["y"][:-1], 100 * expected.now)
    np.testing.assert_allclose(untrained["y"][:-1], 100 * expected.untrained)
    assert shown["name"] == "epoch 5"


def test_distances_silent_units_and_zeros_are_the_networks(page):
    test = page(epoch=3, layer="dense_1")
    lines = {trace["name"]: trace for trace in figure(test, 1)}
    assert set(lines) == {"conv_1", "conv_2", "dense_1", "output"}
    epochs = lines["dense_1"]["x"]
    assert epochs[0] == 0
    for place in (0, 3, len(epochs) - 1):
        assert lines["dense_1"]["y"][place] == pytest.approx(100 * moved(FOLDER, epochs[place])["dense_1"])
    found = activity(FOLDER, 3, shown_digits().test_images[:DIGITS])
    (bars,) = figure(test, 3)
    assert bars["y"] == ["conv_1", "conv_2", "dense_1"]
    np.testing.assert_allclose(bars["x"], [100 * found[name].silent / found[name].units for name in bars["y"]])
    assert f"{100 * found['dense_1'].zeros:.2f}\xa0% are 0" in texts(test)


def test_the_charts_follow_the_epoch_and_the_layer(page):
    test = page(epoch=5)
    before = figure(test, 0)[0]["y"]
    settled(widget(test, "select_slider", "view.epoch").set_value(0).run())
    now, untrained, _ = figure(test, 0)
    assert before != now["y"] == untrained["y"]
    settled(widget(test, "button_group", "view.layer").set_value("output").run())
    assert figure(test, 0)[0]["y"] != now["y"]
    assert test.query_params["layer"] == "output"


def test_a_link_beyond_the_network_shows_the_nearest_with_a_sentence(page):
    test = page(layer="pool_2", epoch=4)
    assert widget(test, "button_group", "view.layer").value == "conv_2"
    assert figure(test, 0)[0]["name"] == "epoch 3"
    assert sentences(test) == [
        "This run has no epoch 4; epoch 3 is shown. pool_2 has no weights; conv_2 is shown.",
    ]
    test = page(layer="nonsense")
    assert widget(test, "button_group", "view.layer").value == "conv_1"
    assert len(sentences(test)) == 1
