"""A Keras model's description as our list of layers, where it is one; read as data, without Keras.

Keras builds any object that a description names, and a Lambda layer brings code of its own: neither is ever given to
it, and a description that needs either is refused by name.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from core.array_types import Floats
from core.config.layer import Layer, LayerDoesNotFit, Shape
from core.config.layer_text import MOST_LAYERS
from core.config.layers import KINDS, Activation, BatchNormalization, Dense, LeakyReLU, PReLU
from core.config.network import PARAMETER_LIMIT
from core.errors import Advice, UnreadableRun
from core.runs.weight_arrays import keras_name
from core.text import one_line, shortened

_LONGEST_NAME = 40
_DEEPEST = 60
"""Nested descriptions; the deepest networks have a third of this."""
_MOST_PARTS = 100_000
_EPSILON = 0.001
"""Keras's default, which our batch normalization has."""

_BY_NAME = {kind.__name__: kind for kind in KINDS.values()}
IDLE = frozenset(
    {
        *("InputLayer", "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization"),
        *("RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip", "RandomRotation", "RandomTranslation"),
        *("RandomZoom",),
    }
)
"""Layers that do nothing when a trained network is used; a random crop of a smaller size would be noticed later."""
_OTHER_NAMES = {"swish": "silu", "hard_silu": "hard_swish"}
_NEUTRAL: Mapping[str, tuple[Any, ...]] = {
    "data_format": ("channels_last", None),
    "groups": (1,),
    "keepdims": (False,),
    "quantization_config": (None,),
    "renorm": (False,),
    "rms_scaling": (False,),
    "approximate": (False,),
}
"""Arguments that our layers do not have, with the values at which they make no difference."""

Arrays = list[Floats]


class NotOurLayers(Exception):
    """The network is sound, but is no list of our layers."""


@dataclass(frozen=True, slots=True)
class Source:
    """One of our layers, the layer of the file whose weights it has, and what makes ours of them."""

    layer: Layer
    name: str
    """The layer's name in the file."""
    place: str
    """Its class and number there, such as `conv2d_1`."""
    weights: Callable[[Arrays], Arrays] = field(default=lambda arrays: arrays)


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


def check_harmless(description: Any) -> None:
    """Raise UnreadableRun, which names the layer, where a description needs code that Keras does not have."""
    for part in _parts(description):
        kind, module = part.get("class_name"), part.get("module")
        registered = part.get("registered_name")
        if kind is None:
            continue
        if not isinstance(kind, str):
            raise UnreadableRun("models.no_description")
        config = part.get("config")
        own_name = config.get("name") if isinstance(config, Mapping) else None
        name = shown(own_name if isinstance(own_name, str) else kind)
        if "lambda" in kind.lower():
            raise UnreadableRun("models.lambda", layer=name)
        foreign = isinstance(module, str) and module.partition(".")[0] not in ("keras", "builtins")
        if foreign or (isinstance(registered, str) and ">" in registered):
            raise UnreadableRun("models.custom", layer=name, kind=shown(kind))


def keras_layers(description: Mapping[str, Any]) -> KerasLayers:
    """The list of layers that a model's JSON describes.

    Raises NotOurLayers where it branches or has other layers, UnreadableRun where it is no model or needs code.
    """
    check_harmless(description)
    try:
        described = _chain(description)
        return _translated(described, input_shape(description, described))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        # of a description that Keras would not write
        raise UnreadableRun("models.no_description") from None


@dataclass(frozen=True, slots=True)
class Described:
    """A layer of the file: its class, name, place among those of its class, and arguments."""

    kind: str
    name: str
    place: str
    config: Mapping[str, Any]


def described_layers(description: Mapping[str, Any]) -> Iterator[Described]:
    """A model's layers as they are listed; raises NotOurLayers for models of other kinds and repeated names."""
    kind, config = description["class_name"], description["config"]
    if kind not in ("Sequential", "Functional", "Model"):
        raise NotOurLayers
    # the first versions of Keras wrote the list alone
    listed = config if isinstance(config, list) else config["layers"]
    seen, names = Counter[str](), set[str]()
    for layer in listed:
        snake = keras_name(layer["class_name"])
        name = layer["config"].get("name", layer.get("name", snake))
        place = f"{snake}_{seen[snake]}" if seen[snake] else snake
        seen[snake] += 1
        if name in names:
            raise NotOurLayers
        names.add(name)
        yield Described(layer["class_name"], name, place, layer["config"])


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
            before[layer["config"].get("name", layer.get("name"))] = sources[0]
    last = list(ends(config["output_layers"]))
    if len(last) != 1 or len(list(ends(config["input_layers"]))) != 1:
        raise NotOurLayers
    order = [last[0]]
    while order[-1] in before and len(order) <= len(config["layers"]):
        order.append(before[order[-1]])
    if len(order) != len(config["layers"]):
        raise NotOurLayers
    return order[::-1]


def sources_of(node: Any) -> Iterator[str]:
    """The names of the layers that a node gets its tensors from, as Keras 3 and as Keras 2 write them."""
    if isinstance(node, Mapping):
        if node.get("class_name") == "__keras_tensor__":
            yield node["config"]["keras_history"][0]
            return
        for value in node.values():
            yield from sources_of(value)
    elif isinstance(node, list):
        if len(node) >= 3 and isinstance(node[0], str) and isinstance(node[1], int):
            yield node[0]
            return
        for value in node:
            yield from sources_of(value)


def ends(listed: Any) -> Iterator[str]:
    if listed and isinstance(listed[0], str):
        yield listed[0]
    else:
        yield from (each[0] for each in listed)


def input_shape(description: Mapping[str, Any], described: list[Described]) -> tuple[int | None, ...]:
    """The shape of the first layer's input, or of what the model was built for; without the batch."""
    first = described[0].config
    config = description["config"]
    built = config.get("build_input_shape") if isinstance(config, Mapping) else None
    shape = first.get("batch_shape") or first.get("batch_input_shape") or built
    if not isinstance(shape, list) or not 2 <= len(shape) <= 5:
        raise NotOurLayers
    if any(side is not None and (type(side) is not int or side < 1) for side in shape[1:]):
        raise ValueError(shape)
    return tuple(shape[1:])


def _translated(described: list[Described], input_shape: tuple[int | None, ...]) -> KerasLayers:
    found: list[Source] = []
    logits = True
    for each in described:
        layer = _layer(each)
        if layer is None:
            continue
        if isinstance(layer, Activation) and layer.activation == "softmax":
            logits = False
        found.append(Source(layer, each.name, each.place, _weights_of(each, layer)))
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


def _layer(described: Described) -> Layer | None:
    """Our layer of the same kind and arguments; None for one that does nothing in a trained network."""
    kind, config = described.kind, dict(described.config)
    if kind in IDLE:
        return None
    for name, neutral in _NEUTRAL.items():
        if name in config and config[name] not in neutral:
            raise NotOurLayers
    match kind:
        case "Softmax":
            if config.get("axis", -1) not in (-1, [-1]):
                raise NotOurLayers
            return Activation("", "softmax")
        case "ReLU":
            return _relu(config)
        case "LeakyReLU":
            slope = config.get("negative_slope", config.get("alpha", 0.3))
            return LeakyReLU("", LeakyReLU.rules["negative_slope"].read(slope))
        case _ if kind in _BY_NAME:
            return _as_ours(_BY_NAME[kind], config)
    raise NotOurLayers


def _relu(config: Mapping[str, Any]) -> Layer:
    if config.get("max_value") is not None or config.get("threshold", 0) != 0:
        raise NotOurLayers
    slope = config.get("negative_slope", 0) or 0
    return LeakyReLU("", LeakyReLU.rules["negative_slope"].read(slope)) if slope else Activation("", "relu")


def _as_ours(kind: type[Layer], config: dict[str, Any]) -> Layer:
    """A layer with those of Keras's arguments that ours has; raises NotOurLayers for values that it cannot take."""
    if kind.__name__ == "LayerNormalization" and config.get("epsilon", _EPSILON) != _EPSILON:
        raise NotOurLayers
    given = {}
    for each in fields(kind):
        name = each.name
        # how the weights began and what training added to the loss make no difference now
        if name not in kind.rules or name not in config or name in ("kernel_initializer", "l1", "l2"):
            continue
        value = config[name]
        if name == "activation":
            value = activation_of(value)
            if value == "softmax":
                given[name] = value
                continue
        elif name == "rate":
            value = min(value, 0.9)
        elif name == "momentum":
            value = min(value, 0.9999)
        elif name == "strides" and value == config.get("pool_size"):
            # windows side by side
            value = None
        elif kind.__name__ in ("DepthwiseConv2D", "SeparableConv2D") and name in ("strides", "dilation_rate"):
            value = _same(value)
        elif kind.__name__ == "ZeroPadding2D":
            value = value if isinstance(value, int) else tuple(map(_same, value))
        try:
            given[name] = kind.rules[name].read(value)
        except (Advice, TypeError):
            raise NotOurLayers from None
    return kind("", **given)


def activation_of(value: Any) -> Any:
    """An activation's name, however Keras wrote it."""
    if isinstance(value, Mapping):
        config = value.get("config")
        value = config if isinstance(config, str) else keras_name(value["class_name"])
    return "linear" if value is None else _OTHER_NAMES.get(value, value)


def _same(value: Any) -> Any:
    """A number that stands for both directions; raises NotOurLayers where they differ."""
    if isinstance(value, int):
        return value
    first, second = value
    if first != second:
        raise NotOurLayers
    return first


def _weights_of(described: Described, layer: Layer) -> Callable[[Arrays], Arrays]:
    config = described.config
    if isinstance(layer, BatchNormalization):
        axis = config.get("axis", -1)
        # the last one, which is the third of maps and the first of a vector
        if (axis[0] if isinstance(axis, list) and len(axis) == 1 else axis) not in (-1, 3, 1):
            raise NotOurLayers
        epsilon = float(config.get("epsilon", _EPSILON))
        return _Normalized(config.get("scale", True) is True, config.get("center", True) is True, epsilon)
    axis, whole = config.get("axis", -1), config.get("scale", True) and config.get("center", True)
    if type(layer).__name__ == "LayerNormalization" and (axis not in (-1, [-1]) or not whole):
        raise NotOurLayers
    return lambda arrays: arrays


@dataclass(frozen=True, slots=True)
class _Normalized:
    """Gamma, beta, mean and variance of a batch normalization that may lack the first two or have another epsilon."""

    scales: bool
    centers: bool
    epsilon: float

    def __call__(self, arrays: Arrays) -> Arrays:
        rest = list(arrays)
        gamma = rest.pop(0) if self.scales else None
        beta = rest.pop(0) if self.centers else None
        mean, variance = rest
        gamma = np.ones_like(mean) if gamma is None else gamma
        beta = np.zeros_like(mean) if beta is None else beta
        if self.epsilon != _EPSILON:
            gamma = gamma * np.sqrt((variance + _EPSILON) / (variance + self.epsilon))
        return [gamma, beta, mean, variance]


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


def _parts(description: Any) -> Iterator[Mapping[str, Any]]:
    """All objects in a description; raises UnreadableRun where they are too many or too deep."""
    waiting, seen = [(description, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if depth > _DEEPEST or seen > _MOST_PARTS:
            raise UnreadableRun("models.no_description")
        if isinstance(part, Mapping):
            yield part
            waiting += [(value, depth + 1) for value in part.values()]
        elif isinstance(part, list):
            waiting += [(value, depth + 1) for value in part]


def shown(name: str) -> str:
    return shortened(one_line(name[:400]), _LONGEST_NAME)
