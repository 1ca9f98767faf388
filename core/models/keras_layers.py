"""A Keras model as our list of layers, where it is one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core.config.layer import Layer, LayerDoesNotFit, Shape
from core.config.layer_text import MOST_LAYERS
from core.config.layers import Activation, Dense, PReLU
from core.config.network import PARAMETER_LIMIT
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
from core.models.layer_translation import Arrays, our_layer, our_weights


@dataclass(frozen=True, slots=True)
class Source:
    """One of our layers, the layer of the file whose weights it has, and what makes ours of them."""

    layer: Layer
    name: str
    """The layer's name in the file."""
    place: str
    """Its class and number there, such as `conv2d_1`."""
    weights: Callable[[Arrays], Arrays] = field(default=lambda arrays: arrays)
    within: tuple[Described, ...] = ()


@dataclass(frozen=True, slots=True)
class KerasLayers:
    """A model as our list of layers: its sources, the last of which is the output layer."""

    input_shape: tuple[int | None, ...]
    """Without the batch; None for a side of any length."""
    sources: tuple[Source, ...]
    classes: int
    logits: bool
    """Whether the model leaves the softmax to its user."""

    @property
    def hidden(self) -> tuple[Layer, ...]:
        """The layers before the output layer."""
        return tuple(source.layer for source in self.sources[:-1])


def keras_layers(description: Mapping[str, Any]) -> KerasLayers:
    """The list of layers that a model's JSON describes.

    Raises NotOurLayers where it branches or has other layers, UnreadableRun where it is not a model or needs code.
    """
    check_harmless(description)
    try:
        described = _chain(description)
        return _translated(described, input_shape(description, described))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        # of a description that Keras would not write
        raise UnreadableRun("models.no_description") from None


def fitted(source: Source, arrays: Arrays, shapes: Mapping[str, Shape]) -> Arrays:
    """A layer's weights in our order and shapes; raises UnreadableRun where the file's do not fit."""
    try:
        made = source.weights(arrays)
        if isinstance(source.layer, PReLU):
            # axes along which all places share a slope have length 1 in the file
            made = [np.broadcast_to(values, shape) for values, shape in zip(made, shapes.values(), strict=True)]
    except ValueError:
        made = []
    if [values.shape for values in made] != list(shapes.values()):
        raise UnreadableRun("models.other_weights", layer=shown(source.name))
    if not all(np.isfinite(values).all() for values in made):
        raise UnreadableRun("models.no_numbers", layer=shown(source.name))
    return [np.ascontiguousarray(values, np.float32) for values in made]


def too_large(parameters: int) -> UnreadableRun:
    """What to say of a network with more parameters than any here may have."""
    return UnreadableRun("models.too_large", parameters=parameters, limit=PARAMETER_LIMIT)


def misfit(error: LayerDoesNotFit) -> UnreadableRun:
    """What to say of a network whose layers do not fit each other or the images."""
    return UnreadableRun("models.misfit", number=error.place + 1, reason=error.message)


def _chain(description: Mapping[str, Any]) -> list[Described]:
    """The layers from the image to the answer; raises NotOurLayers where they branch."""
    found = {each.name: each for each in described_layers(description)}
    if description["class_name"] == "Sequential":
        return list(found.values())
    return [found[name] for name in _order(description["config"])]


def _order(config: Mapping[str, Any]) -> list[str]:
    """The names of a functional model's layers from its input to its output."""
    before: dict[str, str] = {}
    for layer in config["layers"]:
        nodes = layer["inbound_nodes"]
        if len(nodes) > 1:
            raise NotOurLayers
        for node in nodes:
            sources = list(sources_of(node))
            if len(sources) != 1:
                raise NotOurLayers
            before[layer["config"].get("name", layer.get("name"))] = sources[0].layer
    last = list(ends(config["output_layers"]))
    if len(last) != 1 or len(list(ends(config["input_layers"]))) != 1:
        raise NotOurLayers
    order = [last[0].layer]
    while order[-1] in before and len(order) <= len(config["layers"]):
        order.append(before[order[-1]])
    if len(order) != len(config["layers"]):
        raise NotOurLayers
    return order[::-1]


def _translated(described: list[Described], input_shape: tuple[int | None, ...]) -> KerasLayers:
    found: list[Source] = []
    logits = True
    for each in described:
        layer = our_layer(each)
        if layer is None:
            continue
        if isinstance(layer, Activation) and layer.activation == "softmax":
            logits = False
        found.append(Source(layer, each.name, each.place, our_weights(each, layer)))
        if len(found) > MOST_LAYERS:
            raise NotOurLayers
    return _with_output(input_shape, found, logits=logits)


def _with_output(input_shape: tuple[int | None, ...], found: list[Source], *, logits: bool) -> KerasLayers:
    """The list with its output layer: a dense one, whose softmax may be a layer of its own or be missing."""
    after = 0
    while found and (_is_softmax(found[-1].layer) or found[-1].layer.word in ("dropout", "spatialdropout")):
        after += _is_softmax(found.pop().layer)
    if not found or any(getattr(source.layer, "activation", "") == "softmax" for source in found[:-1]):
        raise NotOurLayers
    last = found[-1]
    # a second softmax would give other probabilities
    if after + (getattr(last.layer, "activation", "") == "softmax") > 1:
        raise NotOurLayers
    if not isinstance(last.layer, Dense) or last.layer.activation not in ("softmax", "linear"):
        raise NotOurLayers
    units = last.layer.units
    if last.layer.activation == "softmax":
        logits = False
    unbiased = not last.layer.use_bias

    def with_bias(arrays: Arrays) -> Arrays:
        return [*arrays, np.zeros(units, np.float32)] if unbiased else arrays

    output = replace(last, layer=replace(last.layer, activation="softmax", use_bias=True), weights=with_bias)
    return KerasLayers(input_shape, (*found[:-1], output), units, logits)


def _is_softmax(layer: Layer) -> bool:
    return isinstance(layer, Activation) and layer.activation == "softmax"
