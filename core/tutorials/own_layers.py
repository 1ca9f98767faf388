"""A script's layers as those that Digit Lab trains."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from core.config.layer import Layer
from core.config.layer_text import named
from core.config.layers import KINDS
from core.config.network import CNN, MLP, AnyNetwork, ConvolutionBlock, LayerList, Network
from core.config.presets import PRESETS
from core.config.rules import Whole
from core.errors import DigitLabError
from core.text import Message
from core.tutorials.fits import Fit
from core.tutorials.layers import hold
from core.tutorials.names import constructor, tables
from core.tutorials.values import Layer as KerasLayer

_KINDS: Mapping[str, type[Layer]] = {kind.__name__: kind for kind in KINDS.values()}
_PENALTIES = ("kernel_regularizer", "depthwise_regularizer", "pointwise_regularizer")
_IDLE = {"data_format", "seed"}
"""Arguments that change nothing here: channels come last, and a run has its own seed."""


class CannotTrain(Exception):
    """The network cannot be trained here; holds the reason."""

    def __init__(self, why: Message) -> None:
        self.why = why


def own_layers(fit: Fit, said: list[Message]) -> tuple[Layer, ...]:
    """The hidden layers in our terms; raises CannotTrain."""
    if fit.chain is None or not fit.chain.layers:
        why = Message("tutorials.form.no_network_why", why=fit.problem) if fit.problem else None
        raise CannotTrain(why or Message("tutorials.form.no_network"))
    shape = fit.chain.input_shape
    layers = _without_output(list(fit.chain.layers), fit, said)
    found: list[Layer] = []
    rescales = bool(layers) and layers[0].kind == "Rescaling" and not layers[0].arguments["offset"]
    if (
        fit.images is not None
        and fit.images.scale == 1
        and rescales
        and abs(layers[0].arguments["scale"] * 255 - 1) < 1e-6
    ):
        # the network scales its images as ours are
        layers = layers[1:]
    elif fit.images is not None and fit.images.scale == 1:
        # our images are scaled to 0..1; the script's are not
        found.append(KINDS["rescaling"](name="", scale=255.0))  # type: ignore[call-arg]  # of this kind
        said.append(Message("tutorials.form.unscaled"))
    elif fit.images is not None and (
        fit.images.scale is None or abs(fit.images.scale * 255 - 1) > 1e-3 or fit.images.offset
    ):
        found += _rescaled(fit, said)
    if shape is not None and len(shape) == 1 and not _is_map_maker(layers):
        found.append(KINDS["flatten"](name=""))
    if shape is not None and len(shape) == 1 and _is_map_maker(layers):
        # our images are maps already
        layers = layers[1:]
    for layer in layers:
        found += _layer(layer, said)
    return named(found)


def _is_map_maker(layers: Sequence[KerasLayer]) -> bool:
    return bool(layers) and layers[0].kind == "Reshape" and len(layers[0].arguments["target_shape"]) == 3


def _rescaled(fit: Fit, said: list[Message]) -> list[Layer]:
    images = fit.images
    if images is None or images.scale is None or images.offset is None:
        said.append(Message("tutorials.form.scaled_otherwise"))
        return []
    with suppress(DigitLabError):
        layer = KINDS["rescaling"](name="", scale=round(images.scale * 255, 9), offset=round(images.offset, 9))  # type: ignore[call-arg]  # of this kind
        said.append(Message("tutorials.form.rescaled"))
        return [layer]
    said.append(Message("tutorials.form.scaled_otherwise"))
    return []


def _without_output(layers: list[KerasLayer], fit: Fit, said: list[Message]) -> list[KerasLayer]:
    """The layers before the output layer, which must be dense with a softmax, here or in the loss."""
    softmax = False
    if layers and layers[-1].kind in ("Activation", "Softmax"):
        last = layers.pop()
        if last.kind == "Activation" and last.arguments["activation"] != "softmax":
            raise CannotTrain(Message("tutorials.form.no_softmax"))
        softmax = True
    if not layers or layers[-1].kind != "Dense":
        raise CannotTrain(Message("tutorials.form.no_output"))
    output = layers.pop()
    activation = output.arguments["activation"]
    if activation == "linear" and not softmax and fit.loss_arguments.get("from_logits") is True:
        said.append(Message("tutorials.form.logits"))
    elif not softmax and activation != "softmax":
        raise CannotTrain(Message("tutorials.form.no_softmax"))
    plain = output.arguments["kernel_initializer"]["class_name"] == "GlorotUniform"
    if not plain or any(output.arguments[key] is not None for key in output.arguments if key.endswith("regularizer")):
        said.append(Message("tutorials.form.output_plain"))
    if not output.arguments["use_bias"]:
        raise CannotTrain(Message("tutorials.form.output_bias"))
    return layers


def _layer(layer: KerasLayer, said: list[Message]) -> list[Layer]:
    """One of our layers for one of Keras's; raises CannotTrain."""
    given = layer.arguments
    if layer.kind == "ReLU" and not given["max_value"] and not given["negative_slope"] and not given["threshold"]:
        return [KINDS["activation"](name="", activation="relu")]  # type: ignore[call-arg]  # of this kind
    kind = _KINDS.get(layer.kind)
    if kind is None:
        raise CannotTrain(Message("tutorials.form.foreign_layer", layer=layer.kind, line=layer.line))
    values: dict[str, Any] = {}
    if "depthwise_initializer" in given:
        # one initializer for both kernels here
        given = {"kernel_initializer": given["depthwise_initializer"], **given}
    for name in kind.rules:
        if name in ("l1", "l2"):
            continue
        if name in given:
            values[name] = _value(name, given[name], layer)
            if isinstance(kind.rules[name], Whole) and isinstance(values[name], tuple) and len(set(values[name])) == 1:
                values[name] = values[name][0]
            if isinstance(given[name], dict) and not _has_defaults(given[name]):
                said.append(Message("tutorials.form.argument", layer=layer.kind, name=name))
    if "l1" in kind.rules:
        values |= _penalty(given)
    left = [key for key in given if key not in values and not _is_default(layer.kind, key, given[key])]
    if layer.kind == "BatchNormalization" and "epsilon" in left:
        left.remove("epsilon")
        said.append(Message("tutorials.form.argument", layer=layer.kind, name="epsilon"))
    left = [key for key in left if key not in _PENALTIES and key != "kernel_initializer"]
    for key in left:
        said.append(Message("tutorials.form.argument", layer=layer.kind, name=key))
    if layer.kind == "ZeroPadding2D":
        values["padding"] = _symmetric(given["padding"])
    with suppress(DigitLabError, TypeError):
        made = kind(name="", **values)
        return [replace(made, **{name: rule.read(getattr(made, name)) for name, rule in kind.rules.items()})]
    raise CannotTrain(Message("tutorials.form.no_layer", layer=layer.kind))


def _has_defaults(described: Mapping[str, Any]) -> bool:
    """Whether an initializer has Keras's default arguments."""
    table = tables()["initializers"].get(described["class_name"], {})
    return all(value == table.get(key, {}).get("default") for key, value in described["config"].items())


def _value(name: str, value: Any, layer: KerasLayer) -> Any:
    if name.endswith("initializer") and isinstance(value, dict):
        snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in value["class_name"]).strip("_")
        return snake
    if name == "padding" and layer.kind == "ZeroPadding2D":
        return _symmetric(value)
    if name == "strides" and "pool_size" in layer.arguments:
        return None if value == layer.arguments["pool_size"] else tuple(value)
    return tuple(value) if isinstance(value, list) else value


def _symmetric(value: Any) -> tuple[int, int]:
    (top, bottom), (left, right) = value
    if top != bottom or left != right:
        raise CannotTrain(Message("tutorials.form.no_layer", layer="ZeroPadding2D"))
    return top, left


def _penalty(given: Mapping[str, Any]) -> dict[str, float]:
    found = next((given[key] for key in _PENALTIES if given.get(key)), None)
    if found is None:
        return {}
    config = found["config"]
    return {"l1": float(config.get("l1") or 0), "l2": float(config.get("l2") or 0)}


def _is_default(kind: str, key: str, value: Any) -> bool:
    table = constructor("layers", kind) or {}
    if key in _IDLE or key not in table or "default" not in table[key] or (key == "axis" and value in (-1, 3, [3])):
        return True
    return bool(hold(kind, key, table[key]["default"], {}) == value)


def own_network(layers: tuple[Layer, ...]) -> tuple[str, AnyNetwork]:
    """The network as MLP or CNN where it is one, else as a list; and the preset that it belongs to."""
    for name, preset in PRESETS.items():
        if _same(preset.network, layers):
            return name, preset.network
    for network in _simple(layers):
        if _same(network, layers):
            return network.kind, network
    return "layers", LayerList(layers)


def _same(network: Network, layers: tuple[Layer, ...]) -> bool:
    return named(network.hidden_layers) == layers


def _simple(layers: tuple[Layer, ...]) -> list[MLP | CNN]:
    """An MLP and a CNN with these widths; whether they are the same network is still to be seen."""
    by_kind: dict[str, list[Any]] = {}
    for layer in layers:
        by_kind.setdefault(type(layer).__name__, []).append(layer)
    dense, convolutions = by_kind.get("Dense", []), by_kind.get("Conv2D", [])
    dropout = [layer.rate for layer in by_kind.get("Dropout", [])]
    normalized = bool(by_kind.get("BatchNormalization"))
    acts = [layer.activation for layer in (*convolutions, *dense, *by_kind.get("Activation", []))]
    activation: Any = next((each for each in acts if each != "linear"), "relu")
    units = tuple(layer.units for layer in dense)
    found: list[MLP | CNN] = []
    with suppress(DigitLabError):
        if not convolutions:
            share = dropout[0] if dropout else 0.0
            found.append(MLP(hidden_units=units, activation=activation, batch_normalization=normalized, dropout=share))
    with suppress(DigitLabError, ValueError):
        if convolutions:
            first, rest = (dropout[0], dropout[1:]) if len(dropout) > len(dense) else (0.0, dropout)
            pools = by_kind.get("MaxPooling2D", []) + by_kind.get("AveragePooling2D", [])
            cnn = CNN(
                blocks=tuple(_blocks(layers)),
                activation=activation,
                batch_normalization=normalized,
                pool_padding=pools[0].padding if pools else "valid",
                convolution_dropout=first,
                dense_units=units,
                dense_dropout=rest[0] if rest else 0.0,
            )
            found.append(cnn)
    return found


def _blocks(layers: Sequence[Any]) -> list[ConvolutionBlock]:
    blocks: list[ConvolutionBlock] = []
    for layer in layers:
        kind = type(layer).__name__
        if kind == "Conv2D":
            blocks.append(ConvolutionBlock(layer.filters, layer.kernel_size[0], layer.padding, "none"))
        elif kind in ("MaxPooling2D", "AveragePooling2D") and blocks:
            blocks[-1] = replace(blocks[-1], pooling="max" if kind.startswith("Max") else "average")
    return blocks
