"""Look inside: pooling, and how a changed digit changes the prediction."""

import numpy as np
import pytest

from core.explain.pooling import strongest
from core.explain.robustness import AMOUNTS, variants
from tests.pages.actions import click
from tests.pages.run.inside.conftest import RUN, frame, network, shown_digit, shown_digits
from tests.pages.shown import figure, texts, widget


@pytest.fixture
def page(inside):
    return lambda **parameters: inside(part="pooling", **parameters)


def names(test):
    """The runs of the lines."""
    return [line["name"] for line in figure(test)]


def test_the_maps_are_the_networks(page):
    test = page(layer="pool_2", map=5, row=2, column=3)
    _, _, outputs = network()
    before, after = (np.array(figure(test, place)[0]["z"]).reshape(side, side) for place, side in ((0, 14), (1, 7)))
    np.testing.assert_allclose(before, outputs["conv_2"][..., 5], atol=1e-6)
    np.testing.assert_allclose(after, outputs["pool_2"][..., 5], atol=1e-6)
    assert (frame(test, 0), frame(test, 1)) == ((4, 6), (2, 3))
    assert f"**{after[2, 3]:.3f}**" in texts(test)


def test_the_strongest_window_of_the_liveliest_map_is_shown_first(page):
    test = page()
    maps = network()[2]["pool_1"]
    chosen = int(maps.std(axis=(0, 1)).argmax())
    assert widget(test, "number_input", "view.map").value == chosen + 1
    assert frame(test, 1) == strongest(maps[..., chosen])


def test_a_window_is_chosen_by_click_and_by_number(page):
    test = click(page(layer="pool_1", map=3), 4, 6, place=0)
    assert (frame(test, 0), frame(test, 1)) == ((8, 12), (4, 6))
    widget(test, "number_input", "view.row").set_value(9).run()
    assert frame(test, 1) == (9, 6)
    widget(test, "number_input", "view.map").set_value(7).run()
    assert frame(test, 1) == (9, 6)
    widget(test, "selectbox", "view.layer").set_value("pool_2").run()
    assert not test.exception
    assert np.array(figure(test, 1)[0]["z"]).size == 49


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"layer": "pool_9"}, "This network has no layer pool\\_9; pool_1 is shown."),
        ({"layer": "pool_2", "map": 400}, "Map 401 does not exist in this layer; the last one, 36, is shown."),
        (
            {"layer": "pool_2", "row": 20, "column": 1},
            "This window does not exist in this map; the nearest, row 6, column 1, is shown.",
        ),
    ],
)
def test_a_link_beyond_the_network_shows_the_nearest(page, parameters, sentence):
    test = page(**parameters)
    assert sentence in [caption.value for caption in test.caption]
    assert len(test.get("plotly_chart")) == 2


def test_the_probability_over_the_change_is_the_networks_and_the_tab_stays_open(page):
    test = page(change="rotation", runs=RUN)
    (line,) = figure(test)
    image, label = shown_digit()
    assert line["x"] == list(AMOUNTS["rotation"])
    expected = network()[0].probabilities(variants(image, "rotation"))[:, label]
    np.testing.assert_allclose(line["y"], 100 * expected, atol=1e-3)
    widget(test, "segmented_control", "view.change").set_value("shift").run()
    assert not test.exception
    assert figure(test)[0]["x"] == list(AMOUNTS["shift"])


def test_a_run_of_the_other_kind_is_compared_until_others_are_chosen(page):
    test = page(run="mlp-512", change="noise")
    assert "**no pooling layer**" in texts(test)
    assert names(test) == ["mlp-512", "cnn-16-36"]
    widget(test, "multiselect", "view.runs").set_value([]).run()
    assert names(test) == ["mlp-512"]
    widget(test, "multiselect", "view.runs").set_value(["lenet-20-50"]).run()
    assert names(test) == ["mlp-512", "lenet-20-50"]


def test_runs_that_cannot_be_compared_are_named_and_left_out(page, make_run):
    broken = make_run("finished", config=network("mlp-512")[0].config, errors={})
    broken.weights(3).parent.mkdir()
    broken.weights(3).write_bytes(b"nothing")
    test = page(run="cnn-16-36", change="noise", runs=f"gone,cnn-16-36-5k,{broken.id},mlp-512")
    shown = texts(test).replace("\\", "")
    assert "There is no run gone; it is left out." in shown
    assert "cnn-16-36-5k was trained and tested on other images (mnist-5k) and is left out." in shown
    assert "cannot be read and is left out: " in shown
    assert names(test) == ["cnn-16-36", "mlp-512"]


def test_the_accuracy_on_many_digits_is_measured_once(page, monkeypatch):
    page()
    monkeypatch.setattr("pages.run.inside.robustness.COUNT", 40)
    test = page(change="noise", runs=RUN)
    assert len(test.get("plotly_chart")) == 1
    test.button(key="robustness.measure").click().run()
    assert not test.exception
    (line,) = figure(test, 1)
    data = shown_digits()
    images = data.test_images[:40].astype(np.float32) / 255
    assert line["y"][0] == 100 * (network()[0].probabilities(images).argmax(axis=1) == data.test_labels[:40]).mean()
    # the numbers stay, and the button is gone
    test.run()
    assert len(test.get("plotly_chart")) == 2
    assert not [button for button in test.button if button.key == "robustness.measure"]
