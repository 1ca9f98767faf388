"""A training's network as one chain of layers with their parameters, channels last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.text import Message
from core.tutorials.evaluator import is_channels_first
from core.tutorials.layers import Unfit
from core.tutorials.notes import Notes
from core.tutorials.shapes import Shape, follow
from core.tutorials.values import Array, Batches, Instance, Layer, Network, Unknown

_MAPS = ("Conv", "Pool", "ZeroPadding2D", "UpSampling2D", "SpatialDropout2D", "Cropping2D")


@dataclass(frozen=True, slots=True)
class Chain:
    """A network's layers in order."""

    layers: tuple[Layer, ...]
    input_shape: Shape | None
    parameters: int | None
    """None if a shape is not known."""
    rotated: bool = False
    """Whether the script has the channels first."""


def problem_of(network: Network, layers: Sequence[Any]) -> Unknown | None:
    """What cannot be read of a network or of those in it."""
    return network.problem or next((each.problem for each in _nested(layers) if each.problem), None)


def chain(network: Network, layers: Sequence[Any], images: Any, notes: Notes, line: int, *, last: bool) -> Chain | None:
    """The layers that a training has, or None with a note on why they cannot be read.

    `last`: whether Keras took channels last for the script, which may still have written them first.
    """
    problem = problem_of(network, layers)
    if problem is not None:
        notes.unread(problem.why, problem.line or network.line)
        return None
    flat = list(flattened(layers))
    foreign = next((each for each in flat if not isinstance(each, Layer)), None)
    if foreign is not None or not flat:
        name = foreign.kind.name if isinstance(foreign, Instance) else "?"
        said = Message("tutorials.own_layer", name=name) if foreign else Message("tutorials.no_layers")
        notes.unread(said, network.line)
        return None
    shape = _input_shape(network, layers, images)
    if isinstance(shape, Unknown) or (shape is not None and any(not isinstance(side, int) for side in shape)):
        notes.unread(Message("tutorials.shape_unknown"), network.line)
        shape = None
    if shape is None:
        return Chain(tuple(flat), None, None)
    flat, shape, rotated = _channels_last(flat, shape)
    if rotated:
        written, turned = ("×".join(map(str, each)) for each in ((shape[-1], *shape[:-1]), shape))
        key = "tutorials.channels_unset" if last else "tutorials.channels_first"
        notes.guess(Message(key, first=written, last=turned, count=shape[-2]), flat[0].line)
    try:
        count, after = 0, shape
        seen: set[Layer] = set()
        for layer in flat:
            after, own = follow(layer, after)
            if layer not in seen:
                count += own
            elif own:
                notes.guess(Message("tutorials.shared_layer", layer=layer.kind), layer.line or line)
            seen.add(layer)
    except Unfit as unfit:
        notes.unread(unfit.why, layer.line or line)
        return Chain(tuple(flat), shape, None, rotated)
    return Chain(tuple(flat), shape, count, rotated)


def flattened(layers: Sequence[Any]) -> Iterator[Any]:
    """The layers in order, with those of networks among them in their place."""
    for each in layers:
        if isinstance(each, Network):
            yield from flattened(each.layers)
        elif isinstance(each, Instance) and each.network is not None and each.network.layers:
            yield from flattened(each.network.layers)
        else:
            yield each


def _nested(layers: Sequence[Any]) -> Iterator[Network]:
    for each in layers:
        if isinstance(each, Network):
            yield each
            yield from _nested(each.layers)


def _input_shape(network: Network, layers: Sequence[Any], images: Any) -> Any:
    """The shape of one input: declared, by a nested network, or that of the images."""
    if network.input_shape is not None:
        shape = network.input_shape
    elif layers and isinstance(layers[0], Network):
        return _input_shape(layers[0], layers[0].layers, images)
    elif layers and isinstance(layers[0], Layer) and layers[0].input_shape is not None:
        shape = layers[0].input_shape
    else:
        images = images.images if isinstance(images, Batches) else images
        shape = images.shape[1:] if isinstance(images, Array) else None
    if isinstance(shape, list):
        shape = tuple(shape)
    if isinstance(shape, tuple) and None in shape and isinstance(images, Array) and len(images.shape) == len(shape) + 1:
        shape = tuple(own if side is None else side for side, own in zip(shape, images.shape[1:], strict=True))
    return shape


def _channels_last(layers: list[Layer], shape: Shape) -> tuple[list[Layer], Shape, bool]:
    """The layers for images with the channels last, and whether the script had them first."""
    first = next((each for each in layers if each.kind not in ("Dropout", "Activation", "Rescaling")), None)
    if first is None:
        return layers, shape, False
    if first.kind == "Reshape" and len(layers) > 1:
        target = tuple(first.arguments["target_shape"])
        if is_channels_first(target):
            turned = replace(first, arguments={**first.arguments, "target_shape": [*target[1:], target[0]]})
            return _axes_last([turned if each is first else each for each in layers]), shape, True
        return layers, shape, False
    maps = any(mark in first.kind for mark in _MAPS) or first.kind == "BatchNormalization"
    if not is_channels_first(shape) or not maps or len({*shape}) == 1:
        return layers, shape, False
    return _axes_last(layers), (*shape[1:], shape[0]), True


def _axes_last(layers: list[Layer]) -> list[Layer]:
    """Batch normalization over the channels, which were axis 1."""
    return [
        replace(each, arguments={**each.arguments, "axis": -1})
        if each.kind == "BatchNormalization" and each.arguments["axis"] == 1
        else each
        for each in layers
    ]
