"""Look inside: pooling, and what a change of the digit does to the answer."""

import json

import numpy as np
import pytest

from core.data import datasets
from core.explain.pooling import strongest
from core.explain.robustness import AMOUNTS, variants
from core.inference import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from tests.pages.conftest import click, figure, texts, widget

RUN = "cnn-16-36-5k"


def network(run=RUN):
    return load(RunFolder(SHIPPED_DIR / run))


def test_digit(index=8):
    return datasets.load("mnist-5k").test_images[index].astype(np.float32) / 255


test_digit.__test__ = False


@pytest.fixture
def inside(app):
    datasets.load("mnist-5k")  # ready before the page asks

    def open_part(**parameters):
        test = app("inside", **({"part": "pooling", "run": RUN, "digit": 8} | parameters))
        assert not test.exception
        return test

    return open_part


def frame(test, place):
    (shape,) = json.loads(test.get("plotly_chart")[place].proto.spec)["layout"]["shapes"]
    return shape["y0"] + 0.5, shape["x0"] + 0.5


def test_the_maps_are_the_networks_own(inside):
    test = inside(layer="pool_2", map=5, row=2, column=3)
    outputs = network().activations(test_digit())
    before, after = (np.array(figure(test, place)[0]["z"]).reshape(side, side) for place, side in ((0, 14), (1, 7)))
    np.testing.assert_allclose(before, outputs["conv_2"][..., 5], atol=1e-6)
    np.testing.assert_allclose(after, outputs["pool_2"][..., 5], atol=1e-6)
    assert (frame(test, 0), frame(test, 1)) == ((4, 6), (2, 3))
    assert f"**{after[2, 3]:.3f}**" in texts(test)


def test_at_first_the_window_is_where_the_map_is_strongest(inside):
    test = inside()
    maps = network().activations(test_digit())["pool_1"]
    chosen = int(maps.std(axis=(0, 1)).argmax())
    assert widget(test, "number_input", "view.map").value == chosen + 1
    assert frame(test, 1) == strongest(maps[..., chosen])


def test_a_click_chooses_the_window_and_numbers_do_too(inside):
    test = click(inside(layer="pool_1", map=3), 4, 6, place=0)
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
        ({"layer": "pool_9"}, "There is no layer pool\\_9 in this network; this is pool_1."),
        ({"layer": "pool_2", "map": 400}, "There is no map 401 in this layer; this is the last one, 36."),
        (
            {"layer": "pool_2", "row": 20, "column": 1},
            "There is no such window in this map; this is the nearest, row 6, column 1.",
        ),
    ],
)
def test_a_link_beyond_the_network_shows_the_nearest(inside, parameters, sentence):
    test = inside(**parameters)
    assert sentence in [caption.value for caption in test.caption]
    assert len(test.get("plotly_chart")) == 2


def test_the_probability_over_the_change_is_each_runs_own(app):
    test = app("inside", part="pooling", run="cnn-16-36-5k", digit=8, change="rotation")
    assert not test.exception
    (line,) = figure(test)
    data = datasets.load("mnist-5k")
    expected = network().probabilities(variants(test_digit(), "rotation"))[:, data.test_labels[8]]
    assert line["x"] == list(AMOUNTS["rotation"])
    np.testing.assert_allclose(line["y"], expected, atol=1e-5)


@pytest.mark.parametrize(("run", "other"), [("cnn-16-36", "mlp-512"), ("mlp-512", "cnn-16-36")])
def test_a_run_of_the_other_kind_is_beside_it(app, run, other):
    test = app("inside", part="pooling", run=run, change="noise")
    assert not test.exception
    assert [line["name"] for line in figure(test)] == [run, other]
    assert ("**no pooling layer**" in texts(test)) == (run == "mlp-512")
    widget(test, "multiselect", "view.runs").set_value([]).run()
    assert [line["name"] for line in figure(test)] == [run]
    widget(test, "multiselect", "view.runs").set_value(["lenet-20-50"]).run()
    assert [line["name"] for line in figure(test)] == [run, "lenet-20-50"]


def test_runs_that_cannot_be_compared_are_named_and_left_out(app, make_run):
    broken = make_run("finished", config=network("mlp-512").config, errors={})
    broken.weights(3).parent.mkdir()
    broken.weights(3).write_bytes(b"nothing")
    runs = f"gone,cnn-16-36-5k,{broken.id},mlp-512"
    test = app("inside", part="pooling", run="cnn-16-36", change="noise", runs=runs)
    assert not test.exception
    told = texts(test).replace("\\", "")
    assert "There is no run gone here; it is left out." in told
    assert "cnn-16-36-5k learned and was tested on other digits (mnist-5k) and is left out." in told
    assert "cannot be read and is left out: " in told
    assert [line["name"] for line in figure(test)] == ["cnn-16-36", "mlp-512"]


def test_at_most_four_lines(app):
    runs = "mlp-512,mlp-512-overfit,lenet-20-50,cnn-16-36"
    test = app("inside", part="pooling", run="mlp-512", change="noise", runs=runs)
    assert len(figure(test)) == 4
    assert not test.exception


def test_the_accuracy_on_many_digits_is_measured_once(inside, monkeypatch):
    inside()
    monkeypatch.setattr("pages.run.inside.robustness.COUNT", 40)
    test = inside(change="noise")
    assert len(test.get("plotly_chart")) == 1
    test.button(key="robustness.measure").click().run()
    assert not test.exception
    (line,) = figure(test, 1)
    data = datasets.load("mnist-5k")
    images = data.test_images[:40].astype(np.float32) / 255
    assert line["y"][0] == (network().probabilities(images).argmax(axis=1) == data.test_labels[:40]).mean()
    # the numbers stay, and the button is gone
    test.run()
    assert len(test.get("plotly_chart")) == 2
    assert not [button for button in test.button if button.key == "robustness.measure"]


def test_the_part_that_is_open_stays_open(inside):
    test = inside(change="noise")
    widget(test, "segmented_control", "view.change").set_value("shift").run()
    assert not test.exception
    assert figure(test)[0]["x"] == list(AMOUNTS["shift"])
