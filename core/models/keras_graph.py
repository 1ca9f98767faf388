"""A Keras model that is no list of our layers: its layers and how they are connected, read as data.

The layers are built by us, one by one, from plain arguments: Keras's own way to build what a description names would
import and make whatever it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import UnreadableRun
from core.models.description import (
    Described,
    NotOurLayers,
    check_harmless,
    described_layers,
    ends,
    input_shape,
    shown,
    sources_of,
)
from core.models.layer_translation import IDLE, activation_of

MOST_LAYERS = 500
_LARGEST = 1_000_000
"""A number of an argument; more units or a larger shape than any network here may have."""
_MERGES = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"})
_SINGLE = frozenset(
    {
        *("Dense", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose", "Conv1D"),
        *("MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "MaxPooling1D"),
        *("GlobalAveragePooling1D", "GlobalMaxPooling1D", "BatchNormalization", "LayerNormalization"),
        *("GroupNormalization", "UnitNormalization", "Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax"),
        *("Flatten", "Reshape", "Permute", "ZeroPadding2D", "Cropping2D", "UpSampling2D", "Rescaling"),
        *("Dropout", "SpatialDropout2D", "Identity"),
    }
)
_ACTIVATIONS = frozenset(
    {
        *("linear", "relu", "tanh", "sigmoid", "elu", "gelu", "silu", "selu", "softplus", "leaky_relu"),
        *("softmax", "relu6", "hard_sigmoid", "hard_silu", "hard_swish", "exponential", "softsign", "mish", "swish"),
    }
)
_WITHOUT = ("_initializer", "_regularizer", "_constraint")
"""The ends of the names of arguments that make no difference to a trained network."""
_DROPPED = frozenset({"name", "trainable", "dtype", "seed", "noise_shape", "activity_regularizer"})


@dataclass(frozen=True, slots=True)
class Node:
    """A layer to be built: Keras's class, plain arguments, and the names of the layers that it gets."""

    described: Described
    arguments: Mapping[str, Any]
    inputs: tuple[str, ...]

    @property
    def merges(self) -> bool:
        """Whether it gets its inputs as a list."""
        return self.described.kind in _MERGES


@dataclass(frozen=True, slots=True)
class KerasGraph:
    """A model with one input and one output, its layers each after those that it gets."""

    input_shape: tuple[int | None, ...]
    """Without the batch; None for a side of any length."""
    image: str
    """The name of the input."""
    nodes: tuple[Node, ...]
    output: str

    @property
    def classes(self) -> int | None:
        """The number of outputs; None where another layer than a dense one makes them."""
        last = next(node for node in self.nodes if node.described.name == self.output)
        units = last.arguments.get("units")
        return units if isinstance(units, int) else None


def keras_graph(description: Mapping[str, Any]) -> KerasGraph:
    """The connected layers of a model's JSON; raises UnreadableRun, which names the first layer of an unknown kind."""
    check_harmless(description)
    try:
        return _graph(description)
    except NotOurLayers:
        raise UnreadableRun("models.not_a_graph") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        # of a description that Keras would not write
        raise UnreadableRun("models.no_description") from None


def _graph(description: Mapping[str, Any]) -> KerasGraph:
    layers = list(described_layers(description))
    if not 1 < len(layers) <= MOST_LAYERS:
        raise NotOurLayers
    shape = input_shape(description, layers)
    before = _connections(description, layers)
    named = {each.name: each for each in layers}
    nodes = {name: _node(named[name], inputs) for name, inputs in before.items() if named[name].kind != "InputLayer"}
    inputs = [each.name for each in layers if each.kind == "InputLayer"]
    if len(inputs) > 1:
        raise NotOurLayers
    image = inputs[0] if inputs else "image"
    output = _output(description, layers)
    return KerasGraph(shape, image, _ordered(nodes, image, output), output)


def _connections(description: Mapping[str, Any], layers: list[Described]) -> dict[str, tuple[str, ...]]:
    """The names of the layers that each layer gets."""
    if description["class_name"] == "Sequential":
        names = [each.name for each in layers]
        first = ("image",) if layers[0].kind != "InputLayer" else ()
        return {name: (names[place - 1],) if place else first for place, name in enumerate(names)}
    found = {}
    for layer in description["config"]["layers"]:
        nodes = layer["inbound_nodes"]
        if len(nodes) > 1:
            raise NotOurLayers
        name = layer["config"].get("name", layer.get("name"))
        found[name] = tuple(sources_of(nodes[0])) if nodes else ()
    return found


def _output(description: Mapping[str, Any], layers: list[Described]) -> str:
    if description["class_name"] == "Sequential":
        return layers[-1].name
    found = list(ends(description["config"]["output_layers"]))
    if len(found) != 1:
        raise NotOurLayers
    return found[0]


def _ordered(nodes: Mapping[str, Node], image: str, output: str) -> tuple[Node, ...]:
    """The nodes that the output depends on, each after its inputs; raises NotOurLayers for a circle or a gap."""
    done: dict[str, Node | None] = {image: None}
    waiting = [output]
    steps = 0
    while waiting:
        steps += 1
        if steps > 10 * MOST_LAYERS:
            raise NotOurLayers
        name = waiting[-1]
        if name in done:
            waiting.pop()
            continue
        missing = [each for each in nodes[name].inputs if each not in done]
        if missing:
            waiting += missing
        else:
            done[name] = nodes[name]
    return tuple(node for node in done.values() if node is not None)


def _node(described: Described, inputs: tuple[str, ...]) -> Node:
    kind = described.kind
    if kind in IDLE:
        described, kind = Described("Identity", described.name, described.place, {}), "Identity"
    merges = kind in _MERGES
    if kind not in _SINGLE | _MERGES or (not merges and len(inputs) != 1) or (merges and len(inputs) < 2):
        raise UnreadableRun("models.unknown_layer", layer=shown(described.name), kind=shown(kind))
    arguments = {}
    for name, value in described.config.items():
        if name in _DROPPED or name.endswith(_WITHOUT) or value is None:
            continue
        if name == "activation":
            value = activation_of(value)
            if value not in _ACTIVATIONS:
                raise UnreadableRun("models.unknown_layer", layer=shown(described.name), kind=shown(str(value)))
        if name == "axis" and isinstance(value, list) and len(value) == 1:
            (value,) = value
        if not _is_plain(value, 0):
            raise NotOurLayers
        arguments[name] = value
    return Node(described, arguments, inputs)


def _is_plain(value: Any, depth: int) -> bool:
    if isinstance(value, list):
        return depth < 3 and len(value) <= 8 and all(_is_plain(each, depth + 1) for each in value)
    if isinstance(value, str):
        return len(value) <= 40
    return value is None or (isinstance(value, int | float) and abs(value) <= _LARGEST)
