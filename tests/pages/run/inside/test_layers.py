"""Look inside, layer by layer: every layer, all its filters, maps and units, and one unit's arithmetic."""

import json
import re
import time
from functools import cache
from urllib.parse import parse_qsl

import numpy as np
import pytest

from core.data import datasets
from core.inference.classifier import load
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.runs.weight_arrays import weights_by_layer
from tests.pages.conftest import choose, opened, sentences, sheet, texts, widget

DIGIT = 8


@cache
def digits(run):
    """What the page shows to a shipped run's network: its test digits where they are here, else the sample's."""
    here = datasets.status("mnist").state in ("ready", "local")
    return datasets.load("mnist" if here and run != "cnn-16-36-5k" else "mnist-5k")


@cache
def network(run):
    """The kept network of a shipped run, its weights, and what its layers make of the digit that the page shows."""
    folder = RunFolder(SHIPPED_DIR / run)
    classifier = load(folder)
    images = digits(run).test_images
    weights = weights_by_layer(folder.weights(classifier.epoch), classifier.table)
    return classifier, weights, classifier.activations(images[DIGIT].astype(np.float32) / np.float32(255))


@pytest.fixture
def inside(app):
    datasets.load("mnist-5k")  # ready before the page asks

    def open_part(run="cnn-16-36-5k", **parameters):
        digits(run)
        test = app("inside", run=run, digit=DIGIT, **parameters)
        assert not test.exception
        return test

    return open_part


def sent(test, key):
    """What a component was sent."""
    (element,) = (element for element in test.get("bidi_component") if element.key == key)
    return json.loads(element.proto.json)


def worked(test):
    """The lines of a unit's sum."""
    (table,) = (element.proto.body for element in test.get("html") if "<caption" in element.proto.body)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line) for line in re.findall(r"<tr>(.*?)</tr>", table)]
    return [[cell.replace("−", "-") for cell in line] for line in cells]


def test_every_layer_stands_there_with_shape_and_parameters(inside):
    test = inside()
    found = [(digit["caption"], *digit["detail"].split("\n")) for digit in sent(test, "inside.layers")["digits"]]
    assert found[:4] == [
        ("conv_1", "28×28×16", "416"),
        ("pool_1", "14×14×16", "–"),
        ("conv_2", "14×14×36", "14,436"),
        ("pool_2", "7×7×36", "–"),
    ]
    assert [name for name, *_ in found] == [row.layer.name for row in network("cnn-16-36-5k")[0].table]
    assert "5 × 5 × 1 × 16 weights + 16 biases = 416 parameters" in texts(test)


@pytest.mark.parametrize(("layer", "count"), [("conv_1", 16), ("pool_1", 16), ("conv_2", 36), ("pool_2", 36)])
def test_all_maps_are_there_the_strongest_first_or_by_number(inside, layer, count):
    test = inside(layer=layer)
    maps = network("cnn-16-36-5k")[2][layer]
    expected = np.abs(maps).mean(axis=(0, 1))
    assert len(sheet(test, "inside.maps")) == count
    assert np.allclose(expected[sheet(test, "inside.maps")], np.sort(expected)[::-1])
    widget(test, "button_group", "view.order").set_value("number").run()
    assert test.query_params["order"] == "number"
    assert sheet(test, "inside.maps") == list(range(count))
    assert ("beside" in sent(test, "inside.maps")) == layer.startswith("conv")


def test_a_layer_that_is_chosen_opens_with_its_strongest_map(inside):
    test = choose(inside(), "inside.layers", 2)
    maps = network("cnn-16-36-5k")[2]["conv_2"]
    strongest = int(np.abs(maps).mean(axis=(0, 1)).argmax())
    assert opened(test, "inside.maps") == strongest
    assert test.query_params["layer"] == "conv_2"
    test = choose(test, "inside.maps", 4)
    assert test.query_params["map"] == "4"
    assert f"mean {maps[..., 4].mean():.3f} · largest {maps[..., 4].max():.3f}" in texts(test)


def test_a_small_map_shows_its_numbers_and_a_large_one_on_demand(inside):
    test = inside(layer="pool_2", map=3)
    expected = network("cnn-16-36-5k")[2]["pool_2"][..., 3]
    shown = np.array([[float(text) for text in line] for line in sent(test, "inside.map")["texts"]])
    assert np.abs(shown - expected).max() <= 0.005 + 1e-6
    test = inside(layer="conv_1", map=3)
    test.button(key="inside.numbers").click().run()
    shown = np.array([[float(text) for text in line] for line in sent(test, "inside.map_numbers")["texts"]])
    assert np.abs(shown - network("cnn-16-36-5k")[2]["conv_1"][..., 3]).max() <= 0.005 + 1e-6


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        ("pool_1", "Keeps the largest of each 2×2 values"),
        ("conv_dropout", "While training it sets a random 25 % of the values to 0"),
        ("flatten", "Writes its 7×7×36 values in one row of 1,764"),
        ("dense_1", "1764 × 128 weights + 128 biases = 225,920 parameters"),
        ("dropout_1", "50 %"),
        ("output", "softmax makes the sums probabilities"),
    ],
)
def test_every_layer_says_what_it_does(inside, layer, sentence):
    assert sentence in texts(inside(layer=layer))


@pytest.mark.parametrize(("layer", "unit"), [("dense_1", 17), ("output", 3)])
def test_a_units_lines_add_up_to_what_the_network_passes_on(inside, layer, unit):
    test = inside(layer=layer, map=unit)
    _, weights, activations = network("cnn-16-36-5k")
    lines = worked(test)
    before = {"dense_1": "flatten", "output": "dropout_1"}[layer]
    z = float(activations[before].astype(np.float64) @ weights[layer][0][:, unit]) + float(weights[layer][1][unit])
    *terms, bias, total, after = [float(line[-1]) for line in lines[1:]]
    assert sum(terms) + bias == pytest.approx(z, abs=5e-4)
    assert total == pytest.approx(z, abs=6e-5)
    assert after == pytest.approx(float(activations[layer][unit]), abs=6e-5)
    for _, a, w, product in lines[1:6]:
        assert float(a) * float(w) == pytest.approx(float(product), abs=0.001)


def test_the_units_that_fire_most_come_first_and_pages_hold_them_all(inside):
    test = inside("mlp-512")
    outputs = network("mlp-512")[2]["dense_1"]
    assert "784 × 512 weights + 512 biases = 401,920 parameters" in texts(test)
    assert opened(test, "inside.units") == int(outputs.argmax())
    seen = []
    for page in range(1, 9):
        if page > 1:
            test.get("pagination")[0].set_value(page).run()
        seen += sheet(test, "inside.units")
    assert sorted(seen) == list(range(512))
    assert np.all(np.diff(outputs[seen]) <= 0)


def test_what_a_link_has_wrong_is_said_and_the_nearest_shown(inside):
    test = inside(layer="conv_9")
    assert sentences(test) == ["This network has no layer conv_9; here is conv_1."]
    test = inside(layer="conv_1", map=99)
    assert sentences(test) == ["There is no number 100 here; the last is 16."]
    assert opened(test, "inside.maps") == 15


def test_from_a_map_to_one_of_its_pixels(inside):
    test = inside(layer="conv_2", map=7)
    test.button(key="inside.one_pixel").click().run()
    assert not test.exception
    assert test.query_params["part"] == "convolution"
    assert widget(test, "selectbox", "view.layer").value == "conv_2"
    assert widget(test, "number_input", "view.map").value == 8


@pytest.mark.parametrize(
    ("run", "layer"), [("mlp-512", "dense_1"), ("lenet-20-50", "conv_2"), ("cnn-16-36-5k", "conv_2")]
)
def test_any_change_redraws_in_under_200_ms_of_a_processor(inside, run, layer):
    test, times = inside(run, layer=layer), []
    sheets = "inside.units" if layer == "dense_1" else "inside.maps"
    for place in range(5):
        start = time.process_time()
        choose(test, sheets, sheet(test, sheets)[place])
        times.append(time.process_time() - start)
    assert min(times) < 0.2, times


def test_a_digit_on_draw_has_a_way_into_the_network_that_reads_it(app, inside):  # noqa: ARG001 its digits are ready
    test = app("draw", source="test", index=5, model="cnn-16-36-5k")
    assert not test.exception
    (way,) = (link.proto for link in test.get("page_link") if link.proto.label == "Look inside")
    assert way.page == "inside"
    assert dict(parse_qsl(way.query_string)) == {"digit": "5", "run": "cnn-16-36-5k", "epoch": "20"}


def test_a_digit_on_mistakes_has_one_too(app, inside):  # noqa: ARG001 its digits are ready
    test = app("mistakes", run="cnn-16-36-5k", epoch=3)
    digit = opened(test)
    test.button(key="opened.inside").click().run()
    assert not test.exception
    assert {"subject": "mistake", "run": "cnn-16-36-5k", "epoch": "3", "digit": str(digit)}.items() <= {
        name: np.atleast_1d(value)[0] for name, value in test.query_params.items()
    }.items()
    assert f"Test digit {digit}, a " in texts(test)
