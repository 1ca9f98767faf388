"""A Keras model's description becomes our list of layers, or is refused in a sentence."""

import contextlib
import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.layer_text import layers_text
from core.errors import UnreadableRun
from core.models.description import NotOurLayers
from core.models.keras_layers import fitted, keras_layers
from tests.finished_models import layer, sequential

OUTPUT = layer("Dense", name="out", units=10, activation="softmax", use_bias=True)
SIGMOIDS = layer("Dense", name="out", units=10, activation="sigmoid")
FLAT = layer("Flatten", name="flat")


def text(*layers, **options):
    return layers_text(keras_layers(sequential(*layers, **options)).hidden)


@pytest.mark.parametrize(
    ("given", "ours"),
    [
        (layer("Conv2D", name="c", filters=4, kernel_size=[3, 5], strides=[2, 1]), "conv(4,3x5,strides=2x1)"),
        (layer("ReLU", name="r", max_value=None, negative_slope=0.0, threshold=0.0), "activation(relu)"),
        (layer("ReLU", name="r", negative_slope=0.1), "leakyrelu(0.1)"),
        (layer("LeakyReLU", name="r", alpha=0.2), "leakyrelu(0.2)"),
        (layer("Activation", name="a", activation="swish"), "activation(silu)"),
        (layer("Activation", name="a", activation={"class_name": "ReLU", "config": "relu"}), "activation(relu)"),
        (layer("MaxPooling2D", name="p", pool_size=[2, 2], strides=[2, 2], padding="same"), "pool(2,same)"),
        (layer("SpatialDropout2D", name="d", rate=0.95), "spatialdropout(0.9)"),
        (layer("DepthwiseConv2D", name="d", kernel_size=3, strides=[2, 2]), "depthwise(3x3,strides=2)"),
        (layer("ZeroPadding2D", name="z", padding=[[2, 2], [1, 1]]), "zeropad(2x1)"),
        (layer("RandomRotation", name="r", factor=0.1), ""),
        (layer("GaussianNoise", name="n", stddev=0.1), ""),
    ],
)  # fmt: skip
def test_a_layer_of_keras_becomes_ours_with_its_arguments(given, ours):
    assert text(given, FLAT, OUTPUT) == f"{ours} flatten".strip()


@pytest.mark.parametrize(
    "strange",
    [
        layer("LSTM", name="l", units=4),
        layer("Conv2D", name="c", filters=4, kernel_size=3, data_format="channels_first"),
        layer("Conv2D", name="c", filters=4, kernel_size=3, groups=2),
        layer("Conv2D", name="c", filters=4, kernel_size=3, activation="exponential"),
        layer("Conv2D", name="c", filters=4, kernel_size=3, activation="softmax"),
        layer("Conv2D", name="c", filters=4_000, kernel_size=3),
        layer("ReLU", name="r", max_value=6.0),
        layer("ZeroPadding2D", name="z", padding=[[2, 1], [1, 1]]),
        layer("LayerNormalization", name="n", epsilon=1e-6),
        layer("GlobalAveragePooling2D", name="g", keepdims=True),
    ],
    ids=lambda described: described["class_name"],
)
def test_a_model_with_other_layers_is_not_a_list_of_ours(strange):
    with pytest.raises(NotOurLayers):
        keras_layers(sequential(strange, FLAT, OUTPUT))


@pytest.mark.parametrize(
    ("last", "logits"),
    [
        ([OUTPUT], False),
        ([layer("Dense", name="out", units=10, activation="linear", use_bias=False)], True),
        ([layer("Dense", name="out", units=10), layer("Softmax", name="s", axis=-1)], False),
        ([layer("Dense", name="out", units=10, activation={"class_name": "function", "config": "softmax_v2"})], False),
        ([layer("Dense", name="out", units=10), layer("Activation", name="s", activation="softmax")], False),
    ],
)
def test_the_softmax_may_be_in_the_last_layer_or_a_layer_or_missing(last, logits):
    model = keras_layers(sequential(FLAT, *last))
    assert (model.classes, model.logits, layers_text(model.hidden)) == (10, logits, "flatten")


@pytest.mark.parametrize("last", [[FLAT], [OUTPUT, layer("Softmax", name="s")], [SIGMOIDS]])
def test_a_model_without_class_probabilities_is_not_a_list_of_ours(last):
    with pytest.raises(NotOurLayers):
        keras_layers(sequential(FLAT, *last))


@pytest.mark.parametrize(
    ("hostile", "sentence"),
    [
        (layer("Lambda", name="evil", function={"class_name": "__lambda__"}), "its layer “evil” is a Lambda"),
        (layer("Dense", name="d", units=3, activation={"class_name": "__lambda__", "config": {}}), "is a Lambda"),
        ({**layer("Mine", name="own"), "registered_name": "pkg>Mine"}, "“own” (Mine) is not one of Keras's own"),
        ({**layer("system", name="rm"), "module": "os"}, "“rm” (system) is not one of Keras's own"),
        (layer("Lambda", name="<b>" + "x" * 9_000), "is a Lambda"),
    ],
)
def test_a_layer_that_brings_code_is_refused_by_name(hostile, sentence):
    with pytest.raises(UnreadableRun) as refused:
        keras_layers(sequential(hostile, FLAT, OUTPUT))
    assert sentence in str(refused.value)
    assert len(str(refused.value)) < 200


def functional(*edges):
    """A functional model with flatten layers between these names; the last name is the output."""
    names = list(dict.fromkeys(name for edge in edges for name in edge))
    layers = []
    for name in names:
        before = [
            {"class_name": "__keras_tensor__", "config": {"keras_history": [start, 0, 0]}}
            for start, end in edges
            if end == name
        ]
        kind = "InputLayer" if not before else "Dense" if name == names[-1] else "Flatten"
        described = layer(kind, name=name, batch_shape=[None, 28, 28, 1], units=10)
        layers.append({**described, "name": name, "inbound_nodes": [{"args": before, "kwargs": {}}] if before else []})
    ends = {"input_layers": [names[0], 0, 0], "output_layers": [[names[-1], 0, 0]]}
    return {"class_name": "Functional", "config": {"layers": layers, **ends}}


def test_a_functional_model_without_branches_is_a_list():
    assert layers_text(keras_layers(functional(("a", "b"), ("b", "c"))).hidden) == "flatten"


def test_a_functional_model_as_keras_2_wrote_it_is_a_list():
    model = functional(("a", "b"), ("b", "c"))
    for described, before in zip(model["config"]["layers"][1:], "ab", strict=True):
        described["inbound_nodes"] = [[[before, 0, 0, {}]]]
    assert layers_text(keras_layers(model).hidden) == "flatten"


@pytest.mark.parametrize(
    "edges", [[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")], [("a", "b"), ("b", "d"), ("a", "c")]]
)
def test_a_model_that_branches_is_not_a_list(edges):
    with pytest.raises(NotOurLayers):
        keras_layers(functional(*edges))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["class_name", "config", "name"]), inner)
    ),
    max_leaves=6,
)
PLACES = [
    ("class_name",),
    ("config",),
    ("config", "layers"),
    ("config", "layers", 0, "config", "batch_shape"),
    ("config", "layers", 1),
    ("config", "layers", 1, "class_name"),
    ("config", "layers", 1, "config"),
    ("config", "layers", 1, "config", "filters"),
    ("config", "layers", 1, "config", "strides"),
    ("config", "layers", 1, "config", "activation"),
    ("config", "layers", 3, "config", "units"),
]


@given(place=st.sampled_from(PLACES), value=VALUES)
def test_whatever_a_description_says_it_is_read_or_refused(place, value):
    conv = layer("Conv2D", name="c", filters=4, kernel_size=3, strides=[1, 1], activation="relu")
    model = copy.deepcopy(sequential(conv, FLAT, OUTPUT))
    part = model
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    with contextlib.suppress(NotOurLayers, UnreadableRun):
        keras_layers(model)


def test_normalization_with_another_epsilon_and_without_scale_gives_the_same_outputs():
    described = layer("BatchNormalization", name="n", axis=-1, epsilon=1e-5, scale=False, center=True)
    source = keras_layers(sequential(described, FLAT, OUTPUT)).sources[0]
    beta, mean, variance = (np.array(values, np.float32) for values in ([1, 2], [3, 4], [0.0001, 5]))
    gamma, *rest = fitted(source, [beta, mean, variance], source.layer.weights((28, 28, 2)))
    np.testing.assert_array_equal(rest, [beta, mean, variance])
    # Keras: gamma / sqrt(variance + epsilon), ours with epsilon 0.001
    np.testing.assert_allclose(gamma / np.sqrt(variance + 0.001), 1 / np.sqrt(variance + 1e-5), rtol=1e-6)


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ([np.ones((784, 10))], "do not fit its layer “out”"),
        ([np.ones((784, 9)), np.ones(10)], "do not fit"),
        ([np.full((784, 10), np.nan), np.ones(10)], "not finite"),
    ],
)
def test_weights_of_another_shape_or_without_numbers_are_refused(arrays, sentence):
    source = keras_layers(sequential(FLAT, OUTPUT)).sources[-1]
    with pytest.raises(UnreadableRun, match=sentence):
        fitted(source, arrays, source.layer.weights((784,)))
