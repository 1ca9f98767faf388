"""Look inside: weights and units over the epochs."""

import time

import numpy as np
import pytest

from core.data import datasets
from core.explain.forward import table_of
from core.explain.weight_statistics import DIGITS, activity, histogram, moved
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.runs.weight_arrays import weights_by_layer
from tests.pages.conftest import figure, sentences, texts, widget

RUN = "cnn-16-36-5k"
FOLDER = RunFolder(SHIPPED_DIR / RUN)


@pytest.fixture
def weights(app):
    datasets.load("mnist-5k")  # ready before the page asks

    def open_part(**parameters):
        return settled(app("inside", **({"part": "weights", "run": RUN} | parameters)))

    return open_part


def settled(test):
    """Once all that is worked out aside is there."""
    deadline = time.monotonic() + 60
    while test.get("skeleton"):
        assert time.monotonic() < deadline
        test.run()
    assert not test.exception
    return test


def test_the_weights_of_the_epoch_and_of_the_untrained_layer_are_shown(weights):
    test = weights(epoch=5, layer="conv_2")
    assert not sentences(test)
    table = table_of(FOLDER)
    now, first = (weights_by_layer(FOLDER.weights(epoch), table)["conv_2"][0] for epoch in (5, 0))
    expected = histogram(now, first)
    shown, untrained, _ = figure(test, 0)
    np.testing.assert_allclose(shown["x"], expected.edges)
    np.testing.assert_allclose(shown["y"][:-1], 100 * expected.now)
    np.testing.assert_allclose(untrained["y"][:-1], 100 * expected.untrained)
    assert shown["name"] == "epoch 5"


def test_how_far_each_layer_moved_is_shown_for_every_epoch_with_weights(weights):
    test = weights(layer="dense_1")
    lines = {trace["name"]: trace for trace in figure(test, 1)}
    assert set(lines) == {"conv_1", "conv_2", "dense_1", "output"}
    epochs = lines["dense_1"]["x"]
    assert epochs[0] == 0
    for place in (0, 3, len(epochs) - 1):
        assert lines["dense_1"]["y"][place] == pytest.approx(100 * moved(FOLDER, epochs[place])["dense_1"])


def test_silent_units_and_zeros_are_those_of_the_test_digits(weights):
    test = weights(epoch=3, layer="dense_1")
    found = activity(FOLDER, 3, datasets.load("mnist-5k").test_images[:DIGITS])
    (bars,) = figure(test, 3)
    assert bars["y"] == ["conv_1", "conv_2", "dense_1"]
    np.testing.assert_allclose(bars["x"], [100 * found[name].silent / found[name].units for name in bars["y"]])
    assert f"{100 * found['dense_1'].zeros:.2f} % are 0" in texts(test)


def test_another_epoch_and_another_layer_change_what_is_shown(weights):
    test = weights(epoch=5)
    before = figure(test, 0)[0]["y"]
    settled(widget(test, "select_slider", "view.epoch").set_value(1).run())
    after = figure(test, 0)[0]["y"]
    assert before != after
    settled(widget(test, "button_group", "view.layer").set_value("output").run())
    assert figure(test, 0)[0]["y"] != after
    assert test.query_params["layer"] == "output"


def test_the_untrained_network_is_shown_as_itself(weights):
    now, untrained, _ = figure(weights(epoch=0), 0)
    assert now["y"] == untrained["y"]


def test_a_layer_that_does_not_learn_gives_the_one_before_and_an_unknown_one_the_first(weights):
    test = weights(layer="pool_2")
    assert widget(test, "button_group", "view.layer").value == "conv_2"
    assert sentences(test) == ["pool_2 has no weights of its own; this is conv_2."]
    test = weights(layer="nonsense")
    assert widget(test, "button_group", "view.layer").value == "conv_1"
    assert len(sentences(test)) == 1


def test_an_epoch_without_weights_gives_the_nearest(weights):
    test = weights(epoch=4)
    assert figure(test, 0)[0]["name"] == "epoch 3"
    assert sentences(test) == ["There is no epoch 4 in this run; this is epoch 3."]
