"""What all layers have in common: arguments with rules, the shape that they make, and the weights that they keep."""

import re
from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Annotated, Any, ClassVar, Literal

from core.config.rules import Choice, Number, Rule, Whole, WithRules
from core.errors import Advice, DigitLabError
from core.text import Message

Shape = tuple[int, ...]
Pair = tuple[int, int]
"""Height and width."""
Padding = Literal["same", "valid"]


class LayerDoesNotFit(DigitLabError):
    """A layer cannot take what comes in; the message says what to change."""

    place = 0
    """Of the layer in its network, from 0."""


@dataclass(frozen=True, slots=True)
class Size(Rule):
    """Height and width, as `3x5`, or `3` for both."""

    low: int
    high: int
    both: bool = False
    """Whether a square is written as `3x3` too."""

    def read(self, value: Any) -> Pair:
        if isinstance(value, int) and not isinstance(value, bool):
            value = (value, value)
        if isinstance(value, str):
            value = tuple(re.split(r"[x×]", value.strip()))
            value = value * 2 if len(value) == 1 else value
        try:
            height, width = (Whole(self.low, self.high).read(side) for side in value)
        except (Advice, TypeError, ValueError):
            raise Advice("rules.size", low=self.low, high=self.high) from None
        return height, width

    def write(self, value: Pair) -> str:
        height, width = value
        return f"{height}x{width}" if self.both or height != width else str(height)


@dataclass(frozen=True, slots=True)
class Maybe(Rule):
    """What the rule reads, or nothing: None, or no text."""

    rule: Rule

    def read(self, value: Any) -> Any:
        return None if value is None or value == "" else self.rule.read(value)

    def write(self, value: Any) -> str:
        return "" if value is None else self.rule.write(value)


@dataclass(frozen=True, slots=True)
class Sides(Rule):
    """The shape of a vector or of maps, as `784` or `28x28x1`."""

    longest: int

    def read(self, value: Any) -> Shape:
        if isinstance(value, int) and not isinstance(value, bool):
            value = (value,)
        if isinstance(value, str):
            value = re.split(r"[x×]", value.strip())
        try:
            sides = tuple(Whole(1, self.longest).read(side) for side in value)
        except (Advice, TypeError):
            sides = ()
        if len(sides) not in (1, 3):
            raise Advice("rules.sides", longest=self.longest)
        return sides

    def write(self, value: Shape) -> str:
        return "x".join(map(str, value))


@dataclass(frozen=True, slots=True)
class Penalty:
    """Keras's L1L2: what each weight of a kernel adds to the loss, l1·|w| + l2·w²."""

    l1: float
    l2: float


@dataclass(frozen=True, slots=True)
class Window:
    """A window that slides over maps, of convolutions and of pooling alike: where it goes and what it leaves."""

    size: Pair
    strides: Pair = (1, 1)
    dilation: Pair = (1, 1)
    padding: Padding = "valid"

    @property
    def span(self) -> Pair:
        """Rows and columns from its first value to its last."""
        return _pair((size - 1) * dilation + 1 for size, dilation in zip(self.size, self.dilation, strict=True))

    def places(self, sides: Shape) -> Pair:
        """Rows and columns of places on maps with these sides, as TensorFlow counts; raises LayerDoesNotFit."""
        if self.padding == "same":
            return _pair(-(-side // stride) for side, stride in zip(sides, self.strides, strict=True))
        if any(span > side for span, side in zip(self.span, sides, strict=True)):
            window, maps = ("×".join(map(str, each)) for each in (self.span, sides))
            raise LayerDoesNotFit("layers.too_large", window=window, maps=maps)
        lengths = zip(sides, self.span, self.strides, strict=True)
        return _pair((side - span) // stride + 1 for side, span, stride in lengths)

    def margins(self, sides: Shape) -> tuple[Pair, Pair]:
        """The rows added above and below maps with these sides, and the columns added left and right."""
        found = []
        for side, span, stride, count in zip(sides, self.span, self.strides, self.places(sides), strict=True):
            missing = max(0, (count - 1) * stride + span - side)
            found.append((missing // 2, missing - missing // 2))
        return found[0], found[1]


@dataclass(frozen=True, slots=True)
class Layer(WithRules, ABC):
    """A layer; as it stands it keeps the shape of its input and has no weights.

    The fields with rules are Keras's arguments by Keras's names; the class is called as in Keras.
    """

    name: str

    word: ClassVar[str]
    """Its kind in a network's text."""
    leading: ClassVar[tuple[str, ...]] = ()
    """The arguments that a text gives by their value alone, in this order."""

    def output_shape(self, shape: Shape) -> Shape:
        """The output's shape for an input of this one, both without the batch; raises LayerDoesNotFit."""
        return shape

    def weights(self, shape: Shape) -> dict[str, Shape]:  # noqa: ARG002 layers with weights need it
        """The shape of each weight for an input of this shape, by Keras's name and in Keras's order."""
        return {}

    def multiply_adds(self, shape: Shape) -> int:  # noqa: ARG002 layers that multiply by weights need it
        """Multiplications by a weight, for one input of this shape."""
        return 0

    def parameters(self, shape: Shape) -> int:
        """The number of weights for an input of this shape, including those that are not trained."""
        return sum(map(prod, self.weights(shape).values()))

    @property
    def keras_arguments(self) -> Mapping[str, Any]:
        """The arguments of Keras's layer of the same name, without its name."""
        return {name: getattr(self, name) for name in self.rules}


Steps = Annotated[Pair, Size(1, 64)]
ActivationName = Annotated[
    str, Choice(("linear", "relu", "tanh", "sigmoid", "elu", "gelu", "silu", "selu", "softplus", "leaky_relu"))
]
Initializer = Annotated[
    str,
    Choice(
        (
            *("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal"),
            *("random_uniform", "random_normal", "truncated_normal"),
        )
    ),
]
Strength = Annotated[float, Number(0, 1, example=0.0001)]


@dataclass(frozen=True, slots=True)
class Weighted(Layer):
    """A layer with kernels, whose initial values and penalty can be chosen."""

    kernels: ClassVar[tuple[str, ...]] = ("kernel",)
    """The start of the names of Keras's arguments about its kernels."""

    @property
    def keras_arguments(self) -> Mapping[str, Any]:
        values = {name: getattr(self, name) for name in self.rules}
        penalty, start = Penalty(values.pop("l1"), values.pop("l2")), values.pop("kernel_initializer")
        for kernel in self.kernels:
            values[f"{kernel}_initializer"] = start
            if penalty != Penalty(0, 0):
                values[f"{kernel}_regularizer"] = penalty
        return values


def map_sides(shape: Shape) -> Pair:
    """Height and width of maps; raises LayerDoesNotFit for a vector."""
    if len(shape) != 3:
        raise LayerDoesNotFit("layers.needs_maps", count=shape[0])
    return shape[0], shape[1]


def vector_length(shape: Shape) -> int:
    """The number of values of a vector; raises LayerDoesNotFit for maps."""
    if len(shape) != 1:
        raise LayerDoesNotFit("layers.needs_vector", shape=Message("errors.as_written", text="×".join(map(str, shape))))
    return shape[0]


def places_on(window: Window, shape: Shape) -> Pair:
    """The places of a window on maps of this shape; raises LayerDoesNotFit."""
    sides = map_sides(shape)
    if max(window.strides) > 1 and max(window.dilation) > 1:
        raise LayerDoesNotFit("layers.strides_and_dilation")
    return window.places(sides)


def bias_shape(used: bool, count: int) -> dict[str, Shape]:
    """The biases among a layer's weights, if it uses them."""
    return {"bias": (count,)} if used else {}


def _pair(values: Any) -> Pair:
    first, second = values
    return first, second
