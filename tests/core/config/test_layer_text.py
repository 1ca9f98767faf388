"""A list of layers survives its text, and a text that cannot be read is answered by what to write."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.layer import Layer, Maybe, Sides, Size
from core.config.layer_text import MOST_LAYERS, layers_text, named, new_layer, read_layers
from core.config.layers import KINDS
from core.config.network import CNN, LayerList
from core.config.presets import PRESETS
from core.config.rules import Rule
from core.config.run import RunConfig
from core.errors import Advice, InvalidSetting
from core.server.limits import Settings
from tests.core.config.test_links import any_of


def values(rule: Rule) -> st.SearchStrategy[Any]:
    match rule:
        case Size(low, high):
            return st.tuples(st.integers(low, high), st.integers(low, high))
        case Sides(longest):
            sides = st.integers(1, longest)
            return st.tuples(sides) | st.tuples(sides, sides, sides)
        case Maybe(inner):
            return st.none() | values(inner)
        case _:
            return any_of(rule)


def layer_of(kind: type[Layer]) -> st.SearchStrategy[Layer]:
    return st.builds(kind, name=st.just(""), **{name: values(rule) for name, rule in kind.rules.items()})


@given(st.lists(st.sampled_from(list(KINDS.values())).flatmap(layer_of), max_size=8))
def test_reading_a_text_gives_the_layers_that_it_was_written_from(layers: list[Layer]) -> None:
    assert read_layers(layers_text(layers)) == named(layers)


@given(st.lists(st.sampled_from(list("conv pool flatten dense relu 3x2,()=. +\n")), max_size=40).map("".join))
def test_any_other_text_is_answered_by_advice(text: str) -> None:
    try:
        layers = read_layers(text)
    except Advice as error:
        assert str(error)
    else:
        assert read_layers(layers_text(layers)) == layers


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("conv( 32, 3, relu ),pool(2)\n flatten", "conv(32,3x3,relu) pool(2) flatten"),
        ("CONV(8,3×5,same,strides=2) globalmaxpool", "conv(8,3x5,same,strides=2) globalmaxpool"),
        ("flatten dense(units=64,activation=tanh,l2=0.001) dense(10,softmax)", "flatten dense(64,tanh,l2=0.001)"),
        ("flatten leakyrelu(0.3) batchnorm(0.9)", "flatten leakyrelu batchnorm"),
        ("flatten reshape(14x14x4) zeropad(2x1) rescaling(2) globalavgpool", None),
    ],
)
def test_a_text_is_written_in_its_shortest_form(text: str, written: str | None) -> None:
    assert layers_text(LayerList(layers=text).layers) == (written or text)  # type: ignore[arg-type] # a rule reads it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("conv(32,3x3) cnov(3) flatten", "replace “cnov” by one of conv, depthwise, "),
        ("conv(600,3x3) flatten", "in conv, change “600”: use a whole number from 1 to 512."),
        ("conv(8) flatten", "give conv its kernel_size, for example conv(32,3x3,relu)."),
        (
            "flatten dense(8,softmax)",
            "the output layer has 8 units, but the data set has 10 classes; write dense(10,softmax)",
        ),
        ("flatten dense(8,softmax) dense(9)", "in dense, change “softmax”: use one of linear, relu, "),
        ("flatten dense(8,size=3)", "in dense, change “size=3”: its arguments are units, activation, "),
        ("flatten dense(8,units=3)", "in dense, change “units=3”: units has a value already."),
        ("flatten dense(8", "write the layers from “dense(8” on as name(arguments), for example dense(128,relu)."),
        ("flatten reshape(3x3)", "in reshape, change “3x3”: use one number for a vector, or height×width×channels"),
        (" ".join(["flatten"] * (MOST_LAYERS + 1)), f"use at most {MOST_LAYERS} layers."),
        ("dense(8)", "Layer 1, dense(8), does not fit: it needs values in a row, and gets 28×28×1; add flatten"),
        (
            "flatten pool(2)",
            "Layer 2, pool(2), does not fit: it needs maps, and gets 784 values in a row; remove flatten",
        ),
        ("pool(20) pool(2) flatten", "Layer 2, pool(2), does not fit: its 2×2 window is larger than its 1×1 input;"),
        ("conv(8,3x3,strides=2,dilation_rate=2) flatten", "strides and dilation cannot both be larger than 1"),
        ("reshape(783)", "the 784 values that it gets do not fill a shape of 783"),
        (
            "zeropad(64) conv(512,1x1) globalavgpool",
            "its output has 12,460,032 values, more than the limit of 1,000,000",
        ),
        ("conv(8,3x3)", "The output layer does not fit: it needs values in a row, and gets 26×26×8; add flatten"),
        ("flatten dense(8192) dense(8192)", "The network has 73,629,706 parameters, more than the limit of 20,000,000"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_write(text: str, said: str) -> None:
    with pytest.raises(InvalidSetting) as raised:
        RunConfig(preset="layers").replace(kind="layers", layers=text)
    assert raised.value.field == "layers"
    assert said in str(raised.value)


@pytest.mark.parametrize("word", KINDS)
def test_a_new_layer_is_whole(word: str) -> None:
    new = new_layer(word, (7, 7, 3))
    assert read_layers(layers_text([new])) == named([new])


@pytest.mark.parametrize("name", PRESETS)
def test_any_network_can_be_edited_as_layers(name: str) -> None:
    network = PRESETS[name].network
    listed = LayerList.of(network)
    config, as_layers = RunConfig(network=network), RunConfig(network=listed)
    assert as_layers.parameters == config.parameters
    assert RunConfig.from_json(RunConfig(preset="layers", network=listed).to_json()).network == listed
    assert [layer.keras_arguments for layer in as_layers.all_layers] == [
        layer.keras_arguments for layer in config.all_layers
    ]


def test_the_deepest_cnn_can_be_edited_as_layers() -> None:
    deepest = CNN(
        blocks=("4@3-same-max,4@3-same-average," + ",".join(["4@3-same-none"] * 6)),  # type: ignore[arg-type] # read
        batch_normalization=True,
        convolution_dropout=0.1,
        dense_units=(8,) * 8,
        dense_dropout=0.1,
    )
    assert RunConfig(network=LayerList.of(deepest)).parameters == RunConfig(network=deepest).parameters


def test_a_public_servers_limit_names_the_list_of_layers() -> None:
    config = RunConfig(preset="layers", network=LayerList(layers="flatten dense(4000)"))  # type: ignore[arg-type] # read
    with pytest.raises(InvalidSetting) as raised:
        Settings(most_parameters=1_000_000).check(config)
    assert raised.value.field == "layers"
