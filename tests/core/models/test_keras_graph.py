"""A Keras model that branches becomes layers to build and their connections, or is refused in a sentence."""

import contextlib
import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UnreadableRun
from core.models.keras_graph import keras_graph
from tests.finished_models import layer, sequential

SHAPE = [None, 28, 28, 1]


def node(described, *before):
    """A layer of a functional model that gets these layers."""
    tensors = [{"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}} for name in before]
    given = [tensors] if len(tensors) > 1 else tensors
    name = described["config"]["name"]
    return {**described, "name": name, "inbound_nodes": [{"args": given, "kwargs": {}}] if before else []}


def functional(*layers, output="out"):
    ends = {"input_layers": ["image", 0, 0], "output_layers": [[output, 0, 0]]}
    image = node(layer("InputLayer", name="image", batch_shape=SHAPE))
    return {"class_name": "Functional", "config": {"layers": [image, *layers], **ends}}


CONV = node(layer("Conv2D", name="conv", filters=1, kernel_size=[3, 3], padding="same", activation="relu"), "image")
ADD = node(layer("Add", name="sum"), "image", "conv")
FLAT = node(layer("Flatten", name="flat"), "sum")
OUT = node(layer("Dense", name="out", units=10), "flat")
RESIDUAL = functional(CONV, ADD, FLAT, OUT)


def test_a_model_with_a_skip_connection_is_layers_and_what_each_gets():
    graph = keras_graph(RESIDUAL)
    assert [(each.described.name, each.inputs) for each in graph.nodes] == [
        ("conv", ("image",)),
        ("sum", ("image", "conv")),
        ("flat", ("sum",)),
        ("out", ("flat",)),
    ]
    assert (graph.input_shape, graph.classes) == ((28, 28, 1), 10)
    # whatever their order in the file
    turned = keras_graph(functional(OUT, ADD, FLAT, CONV))
    assert [each.described.name for each in turned.nodes] == ["conv", "sum", "flat", "out"]


def test_only_plain_arguments_that_matter_are_kept():
    full = layer(
        "Conv2D", name="conv", filters=1, kernel_size=[3, 3], dtype={"class_name": "X"}, kernel_initializer={"a": 1},
        bias_regularizer=None, trainable=True, activation={"class_name": "ReLU", "config": "relu"}, padding="same",
    )  # fmt: skip
    graph = keras_graph(functional(node(full, "image"), ADD, FLAT, OUT))
    assert graph.nodes[0].arguments == {"filters": 1, "kernel_size": [3, 3], "activation": "relu", "padding": "same"}


NAMED_LIKE_IT = layer("Sequential", name="a", layers=[layer("Flatten", name="b")])
LSTM = node(layer("LSTM", name="rows", units=4), "image")


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (functional(LSTM, node(layer("Dense", name="out", units=10), "rows")), r"“rows” is of a kind .* \(LSTM\)"),
        (functional(CONV, node(layer("Dense", name="out", activation="evil"), "conv")), r"“out” .* \(evil\)"),
        (functional(CONV, node(layer("Lambda", name="out"), "conv")), "“out” is a Lambda"),
        (functional(node(layer("TFSMLayer", name="out", filepath="/x"), "image")), r"\(TFSMLayer\)"),
        (functional(node(layer("Dense", name="out", units=10**9), "image")), "several inputs or outputs"),
        (functional(node(layer("Add", name="out"), "image", "out")), "several inputs or outputs"),
        (functional(node(layer("Dense", name="out", units=3), "nowhere")), "does not describe a Keras model"),
        ({**RESIDUAL, "class_name": "MyModel"}, "several inputs or outputs"),
        (sequential(layer("Sequential", name="inner", layers=[])), "several inputs or outputs"),
        (sequential(layer("Sequential", name="inner", layers=[LSTM])), r"“rows” is of a kind .* \(LSTM\)"),
        (sequential(layer("Flatten", name="a/b"), NAMED_LIKE_IT), "several inputs or outputs"),
    ],
)
def test_a_model_that_cannot_be_built_from_plain_layers_is_refused(model, sentence):
    with pytest.raises(UnreadableRun, match=sentence):
        keras_graph(model)


def test_a_model_within_a_model_and_a_layer_used_twice_are_calls_of_their_layers():
    inner = node(layer("Sequential", name="inner", layers=[layer("Conv2D", name="conv", filters=1)]), "image")
    twice = {**inner, "inbound_nodes": [*inner["inbound_nodes"], *node(inner, "inner")["inbound_nodes"]]}
    answer = node(layer("Dense", name="out", units=10), "inner")
    answer["inbound_nodes"][0]["args"][0]["config"]["keras_history"][1] = 1
    graph = keras_graph(functional(twice, answer))
    assert [(each.output, each.inputs) for each in graph.nodes] == [
        ("inner/conv", ("image",)),
        ("inner/conv:1", ("inner/conv",)),
        ("out", ("inner/conv:1",)),
    ]
    assert [each.path for each in graph.layers] == ["inner/conv", "out"]
    assert graph.layers[0].within[0].place == "sequential"


def test_models_that_unfold_without_end_are_refused():
    model = layer("Sequential", name="level-0", layers=[layer("Flatten", name="flat")])
    for level in range(1, 10):
        name = model["config"]["name"]
        calls = [node(model, "image" if number == 0 else name)["inbound_nodes"][0] for number in range(8)]
        for number, call in enumerate(calls[1:]):
            call["args"][0]["config"]["keras_history"][1] = number
        ends = {"input_layers": ["image", 0, 0], "output_layers": [[name, 7, 0]]}
        image = node(layer("InputLayer", name="image", batch_shape=SHAPE))
        model = layer("Functional", name=f"level-{level}", layers=[image, {**model, "inbound_nodes": calls}], **ends)
    with pytest.raises(UnreadableRun, match="several inputs or outputs"):
        keras_graph(model)


VALUES = st.recursive(
    st.none() | st.integers(-3, 10**20) | st.floats() | st.sampled_from(["image", "sum", "out", "Add"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["class_name", "config"]), inner),
    max_leaves=5,
)
PLACES = st.sampled_from(["class_name", "config", "inbound_nodes", "name"])


@given(number=st.integers(0, 4), place=PLACES, value=VALUES)
def test_whatever_a_layer_says_the_model_is_read_or_refused(number, place, value):
    model = copy.deepcopy(RESIDUAL)
    model["config"]["layers"][number][place] = value
    with contextlib.suppress(UnreadableRun):
        keras_graph(model)
