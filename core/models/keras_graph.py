"""A Keras model that is not a list of our layers: its layers and how they are connected, read as data.

The layers are built by us, one by one, from plain arguments: Keras's own way to build what a description names would
import and make whatever it says.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import UnreadableRun
from core.models.description import (
    MODELS,
    Described,
    NotOurLayers,
    Tensor,
    check_harmless,
    described_layers,
    ends,
    input_shape,
    shown,
    sources_of,
)
from core.models.layer_translation import IDLE, activation_of

MOST_LAYERS = 500
"""Calls of layers, those in models that are part of another included."""
IMAGE = "image"
"""The name of what the model gets."""
_DEEPEST = 10
"""Models in models."""
_LARGEST = 1_000_000
"""A number of an argument; more units or a larger shape than any network here may have."""
_MERGES = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"})
_SINGLE = frozenset(
    {
        *("Dense", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose", "Conv1D"),
        *("MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "MaxPooling1D"),
        *("GlobalAveragePooling1D", "GlobalMaxPooling1D", "BatchNormalization", "LayerNormalization"),
        *("GroupNormalization", "UnitNormalization", "Normalization"),
        *("Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax"),
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
    """A call of a layer: Keras's class, plain arguments, and the names of what it gets."""

    described: Described
    arguments: Mapping[str, Any]
    inputs: tuple[str, ...]
    output: str
    """The name of what it gives: the layer's path, with a number after the first call of a layer that is shared."""

    @property
    def merges(self) -> bool:
        """Whether it gets its inputs as a list."""
        return self.described.kind in _MERGES


@dataclass(frozen=True, slots=True)
class KerasGraph:
    """A model with one input and one output, each call of a layer after those that it gets."""

    input_shape: tuple[int | None, ...]
    """Without the batch; None for a side of any length."""
    nodes: tuple[Node, ...]
    output: str

    @property
    def layers(self) -> tuple[Described, ...]:
        """The layers, each once however often it is called."""
        return tuple({node.described.path: node.described for node in self.nodes}.values())

    @property
    def classes(self) -> int | None:
        """The number of outputs; None where another layer than a dense one makes them."""
        last = next(node for node in self.nodes if node.output == self.output)
        units = last.arguments.get("units")
        return units if isinstance(units, int) else None


def keras_graph(description: Mapping[str, Any]) -> KerasGraph:
    """The connected layers of a model's JSON; raises UnreadableRun, which names the first layer of an unknown kind."""
    check_harmless(description)
    try:
        graph = _Graph()
        output = graph.add(description, (), IMAGE)
        shape = input_shape(description, list(described_layers(description)))
        return KerasGraph(shape, graph.nodes_to(output), output)
    except NotOurLayers:
        raise UnreadableRun("models.not_a_graph") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        # of a description that Keras would not write
        raise UnreadableRun("models.no_description") from None


class _Graph:
    """The calls of a model's layers, with those of models that are part of it in their place."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._layers: dict[str, Described] = {}
        self._calls = Counter[str]()
        self._expanded = 0

    def add(self, description: Mapping[str, Any], within: tuple[Described, ...], given: str) -> str:
        """Add a model that gets this tensor; returns the name of what it gives."""
        self._expanded += 1
        layers = [replace(each, within=within) for each in described_layers(description)]
        if not 1 <= len(layers) <= MOST_LAYERS or self._expanded > MOST_LAYERS or len(within) > _DEEPEST:
            raise NotOurLayers
        if description["class_name"] == "Sequential":
            for layer in layers:
                given = given if layer.kind == "InputLayer" else self._call(layer, (given,))
            return given
        return self._connected(description["config"], {each.name: each for each in layers}, given)

    def _connected(self, config: Mapping[str, Any], layers: Mapping[str, Described], given: str) -> str:
        """Add the calls of a functional model, in an order in which each comes after those that it gets."""
        gets: dict[Tensor, tuple[Tensor, ...]] = {}
        for layer in config["layers"]:
            name = layer["config"].get("name", layer.get("name"))
            for call, node in enumerate(layer["inbound_nodes"]):
                gets[Tensor(name, call, 0)] = tuple(sources_of(node))
        firsts, lasts = list(ends(config["input_layers"])), list(ends(config["output_layers"]))
        if len(firsts) != 1 or len(lasts) != 1 or sum(each.kind == "InputLayer" for each in layers.values()) > 1:
            raise NotOurLayers
        done, waiting, steps = {firsts[0]: given}, [lasts[0]], 0
        while waiting:
            steps += 1
            if steps > 10 * MOST_LAYERS:
                raise NotOurLayers
            tensor = waiting[-1]
            if tensor in done:
                waiting.pop()
                continue
            missing = [each for each in gets[tensor] if each not in done]
            if missing:
                waiting += missing
            else:
                done[tensor] = self._call(layers[tensor.layer], tuple(done[each] for each in gets[tensor]))
        return done[lasts[0]]

    def _call(self, layer: Described, inputs: tuple[str, ...]) -> str:
        if layer.kind in MODELS:
            if len(inputs) != 1:
                raise NotOurLayers
            inner = {"class_name": layer.kind, "config": layer.config}
            return self.add(inner, (*layer.within, layer), inputs[0])
        if len(self._nodes) >= MOST_LAYERS:
            raise NotOurLayers
        if self._layers.setdefault(layer.path, layer) != layer:
            # earlier versions of Keras allowed a slash in names
            raise NotOurLayers
        number = self._calls[layer.path]
        self._calls[layer.path] += 1
        output = f"{layer.path}:{number}" if number else layer.path
        if output in self._nodes or output == IMAGE:
            raise NotOurLayers
        self._nodes[output] = _node(layer, inputs, output)
        return output

    def nodes_to(self, output: str) -> tuple[Node, ...]:
        """All calls; raises NotOurLayers if none of them gives the output."""
        if output not in self._nodes:
            raise NotOurLayers
        return tuple(self._nodes.values())


def _node(described: Described, inputs: tuple[str, ...], output: str) -> Node:
    kind = described.kind
    if kind in IDLE:
        described, kind = replace(described, kind="Identity", config={}), "Identity"
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
        if isinstance(value, Mapping) and value.get("class_name") == "__numpy__":
            # a number for each channel
            value = value["config"]["value"]
        if not _is_plain(value, 0):
            raise NotOurLayers
        arguments[name] = value
    return Node(described, arguments, inputs, output)


def _is_plain(value: Any, depth: int) -> bool:
    if isinstance(value, list):
        return depth < 3 and len(value) <= 8 and all(_is_plain(each, depth + 1) for each in value)
    if isinstance(value, str):
        return len(value) <= 40
    return value is None or (isinstance(value, int | float) and abs(value) <= _LARGEST)
