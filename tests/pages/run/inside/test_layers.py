"""Look inside, layer by layer: each layer's filters, maps and units, and one unit's arithmetic."""

import re
import time
from urllib.parse import parse_qsl

import numpy as np
import pytest

from tests.pages.actions import choose
from tests.pages.run.inside.conftest import RUN, network, numbers, sent
from tests.pages.shown import opened, sentences, sheet, texts, widget


def unit_table(test):
    """The rows of a unit's sum."""
    (table,) = (element.proto.body for element in test.get("html") if "<caption" in element.proto.body)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line) for line in re.findall(r"<tr>(.*?)</tr>", table)]
    return [[cell.replace("−", "-") for cell in line] for line in cells]


def test_each_layer_is_shown_with_its_shape_and_parameters(inside):
    test = inside()
    found = [(digit["caption"], *digit["detail"].split("\n")) for digit in sent(test, "inside.layers")["digits"]]
    assert found[:4] == [
        ("conv_1", "28×28×16", "416"),
        ("pool_1", "14×14×16", "–"),
        ("conv_2", "14×14×36", "14,436"),
        ("pool_2", "7×7×36", "–"),
    ]
    assert [name for name, *_ in found] == [row.layer.name for row in network()[0].table]
    assert "5 × 5 × 1 × 16 weights + 16 biases = 416 parameters" in texts(test)


@pytest.mark.parametrize(("layer", "count"), [("pool_1", 16), ("conv_2", 36)])
def test_maps_are_sorted_by_strength_or_by_number(inside, layer, count):
    test = inside(layer=layer)
    expected = np.abs(network()[2][layer]).mean(axis=(0, 1))
    assert len(sheet(test, "inside.maps")) == count
    assert np.allclose(expected[sheet(test, "inside.maps")], np.sort(expected)[::-1])
    widget(test, "button_group", "view.order").set_value("number").run()
    assert test.query_params["order"] == "number"
    assert sheet(test, "inside.maps") == list(range(count))
    assert ("beside" in sent(test, "inside.maps")) == layer.startswith("conv")


def test_a_chosen_layer_opens_its_strongest_map(inside):
    test = choose(inside(), "inside.layers", 2)
    maps = network()[2]["conv_2"]
    assert opened(test, "inside.maps") == int(np.abs(maps).mean(axis=(0, 1)).argmax())
    assert test.query_params["layer"] == "conv_2"
    test = choose(test, "inside.maps", 4)
    assert test.query_params["map"] == "4"
    assert f"mean {maps[..., 4].mean():.3f} · maximum {maps[..., 4].max():.3f}" in texts(test)


def test_a_small_map_shows_its_numbers_and_a_large_one_on_demand(inside):
    test = inside(layer="pool_2", map=3)
    assert np.abs(numbers(test, "map") - network()[2]["pool_2"][..., 3]).max() <= 0.005 + 1e-6
    test = inside(layer="conv_1", map=3)
    test.button(key="inside.numbers").click().run()
    assert np.abs(numbers(test, "map_numbers") - network()[2]["conv_1"][..., 3]).max() <= 0.005 + 1e-6


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        ("pool_1", "Keeps the largest of each 2×2 values"),
        ("conv_dropout", "In training, sets a random 25\xa0% of the values to 0"),
        ("flatten", "Arranges its 7×7×36 values in one list of 1,764"),
        ("dense_1", "1,764 × 128 weights + 128 biases = 225,920 parameters"),
        ("output", "Softmax turns the sums into probabilities"),
    ],
)
def test_each_layer_is_described(inside, layer, sentence):
    assert sentence in texts(inside(layer=layer))


@pytest.mark.parametrize(("layer", "unit"), [("dense_1", 17), ("output", 3)])
def test_a_units_terms_add_up_to_its_output(inside, layer, unit):
    lines = unit_table(inside(layer=layer, map=unit))
    _, weights, activations = network()
    before = {"dense_1": "flatten", "output": "dropout_1"}[layer]
    z = float(activations[before].astype(np.float64) @ weights[layer][0][:, unit]) + float(weights[layer][1][unit])
    *terms, bias, total, after = [float(line[-1]) for line in lines[1:]]
    assert sum(terms) + bias == pytest.approx(z, abs=5e-4)
    assert total == pytest.approx(z, abs=6e-5)
    assert after == pytest.approx(float(activations[layer][unit]), abs=6e-5)
    for _, a, w, product in lines[1:6]:
        assert float(a) * float(w) == pytest.approx(float(product), abs=0.001)


def test_the_pages_hold_all_units_from_the_largest_output_down(inside):
    test = inside("mlp-512")
    outputs = network("mlp-512")[2]["dense_1"]
    assert "784 × 512 weights + 512 biases = 401,920 parameters" in texts(test)
    assert opened(test, "inside.units") == int(outputs.argmax())
    seen = sheet(test, "inside.units")
    for page in range(2, 9):
        test.get("pagination")[0].set_value(page).run()
        seen += sheet(test, "inside.units")
    assert sorted(seen) == list(range(512))
    assert np.all(np.diff(outputs[seen]) <= 0)


def test_a_link_beyond_the_network_shows_the_nearest_with_a_sentence(inside):
    assert sentences(inside(layer="conv_9")) == ["This network has no layer conv_9; conv_1 is shown."]
    test = inside(layer="conv_1", map=99)
    assert sentences(test) == ["Number 100 does not exist; the last one, 16, is shown."]
    assert opened(test, "inside.maps") == 15


def test_a_button_leads_from_a_map_to_one_of_its_pixels(inside):
    test = inside(layer="conv_2", map=7)
    test.button(key="inside.one_pixel").click().run()
    assert not test.exception
    assert test.query_params["part"] == "convolution"
    assert widget(test, "selectbox", "view.layer").value == "conv_2"
    assert widget(test, "number_input", "view.map").value == 8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("run", "key", "parameters"),
    [
        ("mlp-512", "inside.units", {"layer": "dense_1"}),
        (RUN, "inside.maps", {"layer": "conv_2"}),
        (RUN, "inside.ground", {"part": "convolution", "layer": "conv_2", "map": 20}),
    ],
)
def test_a_choice_redraws_within_200_ms(inside, run, key, parameters):
    test, times = inside(run, **parameters), []
    for place in range(5):
        choice = [place, 3] if key == "inside.ground" else sheet(test, key)[place]
        start = time.perf_counter()
        choose(test, key, choice)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.2, times


@pytest.mark.usefixtures("inside")
def test_draw_links_a_digit_to_the_network_that_reads_it(app):
    test = app("draw", source="test", index=5, model=RUN)
    (way,) = (link.proto for link in test.get("page_link") if link.proto.label == "See it in Inside")
    assert way.page == "run"
    assert dict(parse_qsl(way.query_string)) == {"tab": "inside", "digit": "5", "run": RUN, "epoch": "20"}


@pytest.mark.usefixtures("inside")
def test_mistakes_leads_to_the_digit_in_the_network(app):
    test = app("mistakes", run=RUN, epoch=3)
    digit = opened(test)
    test.button(key="opened.inside").click().run()
    assert not test.exception
    found = {name: np.atleast_1d(value)[0] for name, value in test.query_params.items()}
    assert {
        "tab": "inside",
        "subject": "mistake",
        "run": RUN,
        "epoch": "3",
        "digit": str(digit),
    }.items() <= found.items()
    assert f"Test image {digit}, label " in texts(test)
