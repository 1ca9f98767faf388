"""Shapes and numbers of parameters of Keras's layers, all without the batch."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from core.text import Message
from core.tutorials.layers import Unfit
from core.tutorials.values import Layer

Shape = tuple[int, ...]

_SAME = {
    "Activation", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout",
    "ActivityRegularization", "LeakyReLU", "ELU", "ReLU", "Softmax", "Rescaling", "Identity", "Masking",
    "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "UnitNormalization",
}  # fmt: skip


def follow(layer: Layer, shape: Shape) -> tuple[Shape, int]:
    """The shape that a layer makes of another, and its number of parameters; raises Unfit."""
    kind, given = layer.kind, layer.arguments
    if kind in _SAME:
        return shape, 0
    match kind:
        case "Dense":
            return (*shape[:-1], given["units"]), (shape[-1] + given["use_bias"]) * given["units"]
        case "Flatten":
            return (prod(shape),), 0
        case "Reshape":
            return _reshaped(shape, given["target_shape"]), 0
        case "Permute":
            return tuple(shape[place - 1] for place in given["dims"]), 0
        case "RepeatVector":
            return (given["n"], *shape), 0
        case "BatchNormalization":
            return shape, (2 + given["center"] + given["scale"]) * shape[_axis(given["axis"], shape)]
        case "LayerNormalization" | "GroupNormalization":
            return shape, (given["center"] + given["scale"]) * shape[-1]
        case "PReLU":
            shared = given["shared_axes"] or ()
            return shape, prod(1 if place in shared else side for place, side in enumerate(shape, start=1))
        case "Embedding":
            return (*shape, given["output_dim"]), given["input_dim"] * given["output_dim"]
        case "TimeDistributed" if layer.wraps is not None:
            after, count = follow(layer.wraps, shape[1:])
            return (shape[0], *after), count
        case "Bidirectional" if layer.wraps is not None:
            after, count = follow(layer.wraps, shape)
            twice = 2 if given.get("merge_mode") == "concat" else 1
            return (*after[:-1], after[-1] * twice), 2 * count
        case "LSTM" | "GRU" | "SimpleRNN":
            return _recurrent(kind, given, shape)
        case "Conv2DTranspose":
            return _transposed(given, shape)
    if "Conv" in kind:
        return _convolved(kind, given, shape)
    if kind.startswith("Global"):
        return shape[-1:], 0
    if "Pooling" in kind:
        sides = _sides(shape, len(given["pool_size"]), kind)
        return (*_places(sides, given["pool_size"], given["strides"], given["padding"], kind), shape[-1]), 0
    if kind in ("ZeroPadding2D", "Cropping2D"):
        sign = 1 if kind == "ZeroPadding2D" else -1
        edges = given["padding" if sign == 1 else "cropping"]
        sides = _sides(shape, 2, kind)
        return (*(side + sign * sum(edge) for side, edge in zip(sides, edges, strict=True)), shape[-1]), 0
    if kind == "UpSampling2D":
        sides = _sides(shape, 2, kind)
        return (*(side * by for side, by in zip(sides, given["size"], strict=True)), shape[-1]), 0
    if kind == "Resizing":
        return (given["height"], given["width"], shape[-1]), 0
    raise Unfit(Message("tutorials.unfamiliar_layer", layer=kind))


def _convolved(kind: str, given: Mapping[str, Any], shape: Shape) -> tuple[Shape, int]:
    kernel = given["kernel_size"]
    sides = _sides(shape, len(kernel), kind)
    spans = [(size - 1) * step + 1 for size, step in zip(kernel, given["dilation_rate"], strict=True)]
    places = _places(sides, spans, given["strides"], given["padding"], kind)
    entering, biased = shape[-1], given["use_bias"]
    if kind.startswith("Depthwise"):
        filters = entering * given["depth_multiplier"]
        return (*places, filters), prod(kernel) * filters + biased * filters
    filters = given["filters"]
    if kind.startswith("Separable"):
        deep = entering * given["depth_multiplier"]
        return (*places, filters), prod(kernel) * deep + deep * filters + biased * filters
    if entering % given["groups"]:
        raise Unfit(Message("tutorials.wrong_groups", layer=kind))
    return (*places, filters), prod(kernel) * (entering // given["groups"]) * filters + biased * filters


def _transposed(given: Mapping[str, Any], shape: Shape) -> tuple[Shape, int]:
    sides = _sides(shape, 2, "Conv2DTranspose")
    steps, kernel = given["strides"], given["kernel_size"]
    same = given["padding"] == "same"
    after = [
        side * step if same else side * step + max(size - step, 0)
        for side, step, size in zip(sides, steps, kernel, strict=True)
    ]
    filters = given["filters"]
    return (*after, filters), prod(kernel) * shape[-1] * filters + given["use_bias"] * filters


def _recurrent(kind: str, given: Mapping[str, Any], shape: Shape) -> tuple[Shape, int]:
    if len(shape) != 2:
        raise Unfit(Message("tutorials.needs_rank", layer=kind, rank=2, shape=_written(shape)))
    units, biased = given["units"], given["use_bias"]
    gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[kind]
    biases = 2 if kind == "GRU" and given.get("reset_after") else 1
    count = gates * (shape[1] * units + units * units + biased * biases * units)
    return ((shape[0], units) if given["return_sequences"] else (units,)), count


def _reshaped(shape: Shape, target: Sequence[int]) -> Shape:
    known = prod(side for side in target if side != -1)
    sides = tuple(prod(shape) // known if side == -1 and known else side for side in target)
    if prod(sides) != prod(shape):
        raise Unfit(Message("tutorials.other_size", before=_written(shape), after=_written(tuple(target))))
    return sides


def _axis(axis: Any, shape: Shape) -> int:
    axis = axis[0] if isinstance(axis, list) else axis
    # Keras counts the batch as axis 0
    place = axis - 1 if axis > 0 else axis
    if not -len(shape) <= place < len(shape):
        raise Unfit(Message("tutorials.needs_rank", layer="BatchNormalization", rank=axis, shape=_written(shape)))
    return int(place)


def _sides(shape: Shape, rank: int, kind: str) -> Shape:
    if len(shape) != rank + 1:
        raise Unfit(Message("tutorials.needs_rank", layer=kind, rank=rank + 1, shape=_written(shape)))
    return shape[:-1]


def _places(sides: Shape, spans: Sequence[int], steps: Sequence[int], padding: str, kind: str) -> list[int]:
    found = []
    for side, span, step in zip(sides, spans, steps, strict=True):
        count = -(-side // step) if padding in ("same", "causal") else (side - span) // step + 1
        if count < 1:
            raise Unfit(Message("tutorials.too_large", layer=kind, shape=_written(sides)))
        found.append(count)
    return found


def _written(shape: Sequence[int | None]) -> str:
    return "×".join("?" if side is None else str(side) for side in shape)
