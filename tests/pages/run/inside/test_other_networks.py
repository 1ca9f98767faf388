"""Look inside networks that no shipped run has: batch normalization, other activations, average pooling."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.config.convolutions import Conv2D
from core.config.layers import Activation
from core.config.network import CNN, MLP, ConvolutionBlock, LayerList
from core.config.run import RunConfig
from core.explain.activation import activated
from core.explain.convolution import convolved
from pages.run.inside.pooling import no_windows
from tests.pages.run.inside.conftest import sent
from tests.pages.shown import texts

NETWORKS = {
    "normalized": CNN(
        blocks=(ConvolutionBlock(4, 4, "same", "average"), ConvolutionBlock(3, 3, "valid", "none")),
        activation="tanh",
        batch_normalization=True,
        dense_units=(12,),
        dense_dropout=0.3,
    ),
    "bare": MLP(hidden_units=()),
    "separable": LayerList(layers="separable(4,3x3,relu) globalavgpool"),
    "any layers": LayerList(
        layers="rescaling(2,-1) conv(4,2x5,leaky_relu,same,strides=2x3,use_bias=false) zeropad(1x2) "
        "avgpool(2,strides=1) separable(5,3x3,selu,same,dilation_rate=2) spatialdropout(0.1) depthwise(3x3) layernorm "
        "leakyrelu elu(2) prelu globalmaxpool reshape(1x1x5) conv(3,1x1,dilation_rate=2) globalavgpool "
        "activation(relu) dense(6,use_bias=false)"
    ),
    "deep": MLP(hidden_units=(20, 14), activation="elu", batch_normalization=True, dropout=0.1),
}


def page():
    from types import SimpleNamespace

    import streamlit as st

    from pages.run.inside.convolution import convolution
    from pages.run.inside.layers import layers
    from pages.run.inside.view import InsideView

    inside = SimpleNamespace(**st.session_state["inside"])
    names = [row.layer.name for row in inside.table]
    inside.input_of = lambda name: (
        inside.activations[names[names.index(name) - 1]] if names.index(name) else inside.image[..., None]
    )
    view = InsideView(layer=st.session_state["layer"])
    (convolution if st.session_state["part"] == "convolution" else layers)(inside, view)


def made(name):
    """A network with random weights and outputs; only the outputs of its convolutions are computed."""
    random = np.random.default_rng(1)
    table = RunConfig(network=NETWORKS[name]).layer_table
    image = random.uniform(size=(28, 28)).astype(np.float32)
    weights, activations, before = {}, {}, image[..., None]
    for row in table:
        layer = row.layer
        weights[layer.name] = [random.normal(size=size).astype(np.float32) for size in row.weights.values()]
        made_of = random.normal(size=row.output_shape).astype(np.float32)
        if isinstance(layer, Conv2D):
            kernels, *biases = weights[layer.name]
            biases = biases[0] if biases else np.zeros(layer.filters)
            maps = [convolved(before, kernels[..., n], biases[n], layer.window) for n in range(layer.filters)]
            made_of = activated(np.stack(maps, axis=-1), layer.activation).astype(np.float32)
        activations[layer.name] = before = made_of
    network = {"table": table, "weights": weights, "activations": activations, "epoch": 1, "run": None}
    return network | {"image": image, "probabilities": np.full(10, 0.1, np.float32)}


def shown(inside, part, layer=""):
    test = AppTest.from_function(page, default_timeout=20)
    test.session_state["inside"], test.session_state["part"], test.session_state["layer"] = inside, part, layer
    test.run()
    assert not test.exception
    assert not test.warning
    return test


@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer_can_be_opened(name):
    inside = made(name)
    for row in inside["table"]:
        test = shown(inside, "layers", row.layer.name)
        assert f"**{row.layer.name}**" in texts(test)
        if isinstance(row.layer, Activation) and row.layer.activation != "relu":
            assert f"Applies {row.layer.activation} to each value" in texts(test)


def test_a_normalized_map_shows_its_parameters():
    inside = made("normalized")
    scale, shift, mean, variance = (float(one[0]) for one in inside["weights"]["conv_norm_1"])
    test = shown(inside, "layers", "conv_norm_1")
    assert f"γ {scale:.3f}, shift β {shift:.3f}, mean μ {mean:.3f}, variance σ² {variance:.3f}" in texts(test)


@pytest.mark.parametrize("layer", ["conv_1", "conv_2"])
def test_even_kernels_and_linear_convolutions_are_computed(layer):
    inside = made("normalized")
    test = shown(inside, "convolution", layer)
    row, column = sent(test, "inside.ground")["at"]
    own = f"{inside['activations'][layer][row, column, 0]:.4f}".replace("-", "−")
    assert texts(test).count(f"**{own}**") == 2
    assert "follow as separate layers" in texts(test)
    assert "inside.after" not in {element.key for element in test.get("bidi_component")}


@pytest.mark.parametrize("layer", ["conv_1", "conv_2"])
def test_strides_dilation_and_oblong_kernels_are_computed(layer):
    inside = made("any layers")
    test = shown(inside, "convolution", layer)
    row, column = (int(box.value) for box in test.number_input[1:3])
    own = f"{inside['activations'][layer][row, column, 0]:.4f}".replace("-", "−")
    assert f"**{own}**" in texts(test)
    if layer == "conv_1":
        ground = sent(test, "inside.ground")
        assert (ground["at"], ground["span"], ground["stride"]) == ([2 * row, 3 * column], [2, 5], [2, 3])
        assert np.shape(sent(test, "inside.kernel")["texts"]) == (2, 5)


def test_convolutions_that_are_not_worked_out_are_named():
    alone = texts(shown(made("separable"), "convolution"))
    assert "Depthwise and separable convolutions (separable_1) are not worked out here." in alone
    assert "These filters slide over the image itself." in alone
    beside = texts(shown(made("any layers"), "convolution", "conv_1"))
    assert "convolutions (separable_1, depthwise_1) are not worked out here." in beside
    assert "over the image itself" not in beside


def test_pooling_of_whole_maps_has_no_windows():
    assert "pools **whole maps** only (globalavgpool_1)" in no_windows(made("separable")["table"])
    assert "**no pooling layer**" in no_windows(made("bare")["table"])


def test_a_kernel_slides_over_the_digit_of_a_network_without_convolution():
    assert "has no convolution" in texts(shown(made("bare"), "convolution"))
