"""Look inside, a convolution: the shown numbers are the network's, and unusable kernels leave a sentence."""

import re

import numpy as np
import pytest

from core.explain.kernel import PRESETS
from core.runs.weight_arrays import weights_by_layer
from tests.pages.actions import choose
from tests.pages.run.inside.conftest import FOLDER, RUN, network, numbers, sent
from tests.pages.shown import sentences, texts, widget


@pytest.fixture
def convolution(inside):
    return lambda run=RUN, **parameters: inside(run, part="convolution", **parameters)


def bold(test):
    """The bold numbers: the sum, its activation, the network's own."""
    return [float(text.replace("−", "-")) for text in re.findall(r"\*\*(−?[\d.]+)\*\*", texts(test))]


def sides(test):
    return sent(test, "inside.result")["side"], sent(test, "inside.ground")["side"]


@pytest.mark.parametrize(("layer", "map", "row", "column"), [("conv_1", 3, 14, 12), ("conv_2", 20, 6, 7)])
def test_an_output_pixel_is_computed_as_in_the_network(convolution, layer, map, row, column):
    test = convolution(layer=layer, map=map, row=row, column=column)
    _, weights, activations = network()
    z, after, own = bold(test)
    expected = float(activations[layer][row, column, map])
    assert own == pytest.approx(expected, abs=6e-5)
    assert after == pytest.approx(expected, abs=6e-5)
    assert max(z, 0) == after
    products = numbers(test, "patch") * numbers(test, "kernel")
    assert np.abs(products - numbers(test, "products")).max() < 0.02
    if layer == "conv_1":
        assert np.abs(numbers(test, "kernel") - weights[layer][0][..., 0, map]).max() < 0.00501


def test_the_sums_of_the_channels_add_up(convolution):
    test = convolution(layer="conv_2", map=20, row=6, column=7)
    bias = float(network()[1]["conv_2"][1][20])
    assert numbers(test, "channel_sums").sum() + bias == pytest.approx(bold(test)[0], abs=0.1)
    (channel,) = (one for one in test.selectbox if (one.key or "").startswith("inside.channel."))
    assert len(channel.options) == 16
    channel.select_index(5).run()
    shown = numbers(test, "channel_sums")
    row, column = sent(test, "inside.channel_sums")["at"]
    assert numbers(test, "products").sum() == pytest.approx(shown[row, column], abs=0.13)


def test_the_kernel_starts_at_the_strongest_output_and_moves_by_clicks_and_inputs(convolution):
    test = convolution()
    after = network()[2]["conv_1"][..., 0]
    assert sent(test, "inside.ground")["at"] == [int(one) for one in np.unravel_index(after.argmax(), after.shape)]
    test = choose(test, "inside.ground", [5, 9])
    assert (test.query_params["row"], test.query_params["column"]) == ("5", "9")
    assert sent(test, "inside.result")["at"] == [5, 9]
    widget(test, "number_input", "view.row").set_value(20).run()
    assert sent(test, "inside.ground")["at"] == [20, 9]
    test = choose(test, "inside.after", [0, 27])
    assert widget(test, "number_input", "view.column").value == 27


def test_an_invalid_position_from_the_browser_is_ignored(convolution):
    test = convolution(row=4, column=4)
    for place in ([28, 0], [0, -1], [True, 3], "5", [5], None, [1.5, 2]):
        test = choose(test, "inside.ground", place)
        assert sent(test, "inside.ground")["at"] == [4, 4]


def test_valid_padding_makes_the_result_smaller(convolution):
    assert sides(convolution(kernel="edge", row=27, column=27)) == (28, 30)
    test = convolution(kernel="edge", padding="valid", row=27, column=3)
    assert sides(test) == (26, 28)
    assert sent(test, "inside.ground")["at"] == [25, 3]
    assert ["has 26 rows" in sentence for sentence in sentences(test)] == [True]


def test_a_layers_own_padding_is_used_unless_another_is_chosen(convolution):
    test = convolution("lenet-20-50", layer="conv_1", map=2)
    assert sides(test)[0] == 24
    assert len(bold(test)) == 3
    test = convolution("lenet-20-50", layer="conv_1", map=2, padding="same")
    assert sides(test)[0] == 28
    assert len(bold(test)) == 2
    assert "In this network, conv_1 uses valid." in texts(test)


def test_the_untrained_kernel_is_that_of_epoch_0(convolution):
    untrained = weights_by_layer(FOLDER.weights(0), network()[0].table)["conv_1"][0]
    assert np.abs(numbers(convolution(kernel="untrained"), "kernel") - untrained[..., 0, 0]).max() < 0.00501


def test_a_kernel_is_chosen_by_name_and_typed(convolution):
    test = convolution()
    widget(test, "selectbox", "view.kernel").set_value("sharpen").run()
    assert np.array_equal(numbers(test, "kernel"), PRESETS["sharpen"])
    widget(test, "selectbox", "view.kernel").set_value("own").run()
    assert test.query_params["kernel"] == "0 -1 0; -1 5 -1; 0 -1 0"
    widget(test, "text_area", "view.kernel_text").set_value("1 0 0\n0 1 0\n0 0 -1").run()
    assert np.array_equal(numbers(test, "kernel"), np.diag([1, 1, -1]))
    assert not sentences(test)


def test_a_new_random_kernel_is_kept_in_the_link(convolution):
    test = convolution(kernel="random")
    first = numbers(test, "kernel")
    test.button(key="inside.another_kernel").click().run()
    assert not np.array_equal(first, numbers(test, "kernel"))
    (kernel,) = np.atleast_1d(test.query_params["kernel"])
    assert np.array_equal(numbers(test, "kernel"), numbers(convolution(kernel=kernel), "kernel"))


@pytest.mark.parametrize(
    ("kernel", "said"),
    [("1 2 3; 4 5 6", "has 2 rows and 3 columns"), ("random-x", "not a number"), ("<b>", "not a number")],
)
def test_an_unusable_kernel_leaves_a_sentence_and_the_edge_kernel(convolution, kernel, said):
    test = convolution(kernel=kernel)
    assert [said in sentence for sentence in sentences(test)] == [True]
    assert np.array_equal(numbers(test, "kernel"), PRESETS["edge"])


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"layer": "conv_7"}, "This network has no layer conv_7; conv_1 is shown."),
        ({"layer": "conv_1", "map": 16}, "Number 17 does not exist; the last one, 16, is shown."),
        ({"layer": "conv_2", "row": 20, "column": 1}, "The output has 14 rows and 14 columns"),
    ],
)
def test_a_link_beyond_the_network_leaves_a_sentence(convolution, parameters, said):
    assert [said in sentence for sentence in sentences(convolution(**parameters))] == [True]


def test_a_layer_of_another_kind_shows_the_first_convolution(convolution):
    test = convolution(layer="dense_1", map=100)
    assert not sentences(test)
    assert widget(test, "selectbox", "view.layer").value == "conv_1"


def test_a_network_without_convolution_offers_kernels_by_name(convolution):
    test = convolution("mlp-512")
    assert "has no convolution" in texts(test)
    assert "learned" not in widget(test, "selectbox", "view.kernel").options
    assert np.array_equal(numbers(test, "kernel"), PRESETS["edge"])
