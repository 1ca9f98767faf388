"""The kinds of layers, each described once: its arguments, its shapes and its weights, without TensorFlow.

A list of them describes a network; Keras layers, the Keras script, the form and the layer table are all made from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Annotated, Any, ClassVar, Literal

from core.config.layer import (
    Layer,
    LayerDoesNotFit,
    Maybe,
    Padding,
    Pair,
    Penalty,
    Shape,
    Sides,
    Size,
    Window,
    map_sides,
    vector_length,
)
from core.config.rules import Choice, Number, Whole

IMAGE_SHAPE: Shape = (28, 28, 1)
MOST_VALUES = 1_000_000
"""Of a layer's output for one image: with more, a batch does not fit into a small machine's memory."""

_Filters = Annotated[int, Whole(1, 512)]
_Kernel = Annotated[Pair, Size(1, 128, both=True)]
_Steps = Annotated[Pair, Size(1, 64)]
_Step = Annotated[int, Whole(1, 64)]
_Activation = Annotated[
    str, Choice(("linear", "relu", "tanh", "sigmoid", "elu", "gelu", "silu", "selu", "softplus", "leaky_relu"))
]
_Initializer = Annotated[
    str,
    Choice(
        (
            *("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal"),
            *("random_uniform", "random_normal", "truncated_normal"),
        )
    ),
]
_Share = Annotated[float, Number(0, 0.9, example=0.25)]
_Strength = Annotated[float, Number(0, 1, example=0.0001)]
_Factor = Annotated[float, Number(-1000, 1000, example=2)]


@dataclass(frozen=True, slots=True)
class _Weighted(Layer):
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


@dataclass(frozen=True, slots=True)
class Conv2D(_Weighted):
    """Convolution."""

    filters: _Filters
    kernel_size: _Kernel
    activation: _Activation = "linear"
    padding: Padding = "valid"
    strides: _Steps = (1, 1)
    dilation_rate: _Steps = (1, 1)
    use_bias: bool = True
    kernel_initializer: _Initializer = "glorot_uniform"
    l1: _Strength = 0.0
    l2: _Strength = 0.0

    word: ClassVar[str] = "conv"
    leading: ClassVar[tuple[str, ...]] = ("filters", "kernel_size", "activation", "padding")

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, self.strides, self.dilation_rate, self.padding)

    def output_shape(self, shape: Shape) -> Shape:
        return (*_places(self.window, shape), self.filters)

    def weights(self, shape: Shape) -> dict[str, Shape]:
        return {"kernel": (*self.kernel_size, shape[-1], self.filters), **_bias(self.use_bias, self.filters)}

    def multiply_adds(self, shape: Shape) -> int:
        return prod(self.kernel_size) * shape[-1] * prod(self.output_shape(shape))


@dataclass(frozen=True, slots=True)
class DepthwiseConv2D(_Weighted):
    """Convolution of each channel by kernels of its own."""

    kernel_size: _Kernel
    activation: _Activation = "linear"
    padding: Padding = "valid"
    strides: _Step = 1
    dilation_rate: _Step = 1
    depth_multiplier: _Step = 1
    use_bias: bool = True
    kernel_initializer: _Initializer = "glorot_uniform"
    l1: _Strength = 0.0
    l2: _Strength = 0.0

    word: ClassVar[str] = "depthwise"
    leading: ClassVar[tuple[str, ...]] = ("kernel_size", "activation", "padding")
    kernels: ClassVar[tuple[str, ...]] = ("depthwise",)

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, (self.strides,) * 2, (self.dilation_rate,) * 2, self.padding)

    def output_shape(self, shape: Shape) -> Shape:
        return (*_places(self.window, shape), shape[-1] * self.depth_multiplier)

    def weights(self, shape: Shape) -> dict[str, Shape]:
        kernel = (*self.kernel_size, shape[-1], self.depth_multiplier)
        return {"kernel": kernel, **_bias(self.use_bias, shape[-1] * self.depth_multiplier)}

    def multiply_adds(self, shape: Shape) -> int:
        return prod(self.kernel_size) * prod(self.output_shape(shape))


@dataclass(frozen=True, slots=True)
class SeparableConv2D(_Weighted):
    """Convolution of each channel by itself, then a weighted sum of all channels at each place."""

    filters: _Filters
    kernel_size: _Kernel
    activation: _Activation = "linear"
    padding: Padding = "valid"
    strides: _Step = 1
    dilation_rate: _Step = 1
    depth_multiplier: _Step = 1
    use_bias: bool = True
    kernel_initializer: _Initializer = "glorot_uniform"
    l1: _Strength = 0.0
    l2: _Strength = 0.0

    word: ClassVar[str] = "separable"
    leading: ClassVar[tuple[str, ...]] = ("filters", "kernel_size", "activation", "padding")
    kernels: ClassVar[tuple[str, ...]] = ("depthwise", "pointwise")

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, (self.strides,) * 2, (self.dilation_rate,) * 2, self.padding)

    def output_shape(self, shape: Shape) -> Shape:
        return (*_places(self.window, shape), self.filters)

    def weights(self, shape: Shape) -> dict[str, Shape]:
        between = shape[-1] * self.depth_multiplier
        return {
            "depthwise_kernel": (*self.kernel_size, shape[-1], self.depth_multiplier),
            "pointwise_kernel": (1, 1, between, self.filters),
            **_bias(self.use_bias, self.filters),
        }

    def multiply_adds(self, shape: Shape) -> int:
        height, width, _ = self.output_shape(shape)
        between = shape[-1] * self.depth_multiplier
        return height * width * between * (prod(self.kernel_size) + self.filters)


@dataclass(frozen=True, slots=True)
class Dense(_Weighted):
    """A layer in which every unit sees every input."""

    units: Annotated[int, Whole(1, 8192)]
    activation: _Activation = "linear"
    use_bias: bool = True
    kernel_initializer: _Initializer = "glorot_uniform"
    l1: _Strength = 0.0
    l2: _Strength = 0.0

    word: ClassVar[str] = "dense"
    leading: ClassVar[tuple[str, ...]] = ("units", "activation")

    def output_shape(self, shape: Shape) -> Shape:
        vector_length(shape)
        return (self.units,)

    def weights(self, shape: Shape) -> dict[str, Shape]:
        return {"kernel": (shape[0], self.units), **_bias(self.use_bias, self.units)}

    def multiply_adds(self, shape: Shape) -> int:
        return shape[0] * self.units


@dataclass(frozen=True, slots=True)
class Pooling(Layer):
    """One value of each window goes on."""

    pool_size: _Steps
    padding: Padding = "valid"
    strides: Annotated[Pair | None, Maybe(Size(1, 64))] = None
    """None for windows side by side."""

    leading: ClassVar[tuple[str, ...]] = ("pool_size", "padding")
    kind: ClassVar[Literal["max", "average"]]

    @property
    def window(self) -> Window:
        return Window(self.pool_size, self.strides or self.pool_size, padding=self.padding)

    def output_shape(self, shape: Shape) -> Shape:
        return (*_places(self.window, shape), shape[-1])


@dataclass(frozen=True, slots=True)
class MaxPooling2D(Pooling):
    """The largest value of each window goes on."""

    word: ClassVar[str] = "pool"
    kind: ClassVar[Literal["max", "average"]] = "max"


@dataclass(frozen=True, slots=True)
class AveragePooling2D(Pooling):
    """The mean of each window goes on."""

    word: ClassVar[str] = "avgpool"
    kind: ClassVar[Literal["max", "average"]] = "average"


@dataclass(frozen=True, slots=True)
class GlobalPooling(Layer):
    """One value of each map goes on."""

    def output_shape(self, shape: Shape) -> Shape:
        map_sides(shape)
        return shape[-1:]


@dataclass(frozen=True, slots=True)
class GlobalAveragePooling2D(GlobalPooling):
    """The mean of each map goes on."""

    word: ClassVar[str] = "globalavgpool"


@dataclass(frozen=True, slots=True)
class GlobalMaxPooling2D(GlobalPooling):
    """The largest value of each map goes on."""

    word: ClassVar[str] = "globalmaxpool"


@dataclass(frozen=True, slots=True)
class BatchNormalization(Layer):
    """Scales and shifts by the batch's statistics (Ioffe and Szegedy, 2015)."""

    momentum: Annotated[float, Number(0, 0.9999, example=0.9)] = 0.9
    """With Keras's default, 0.99, the arbitrary initial variance counts for 500 updates: longer than many runs here."""

    word: ClassVar[str] = "batchnorm"
    leading: ClassVar[tuple[str, ...]] = ("momentum",)

    def weights(self, shape: Shape) -> dict[str, Shape]:
        return dict.fromkeys(("gamma", "beta", "moving_mean", "moving_variance"), shape[-1:])


@dataclass(frozen=True, slots=True)
class LayerNormalization(Layer):
    """Scales and shifts by the statistics of each place's channels (Ba, Kiros and Hinton, 2016)."""

    word: ClassVar[str] = "layernorm"

    def weights(self, shape: Shape) -> dict[str, Shape]:
        return dict.fromkeys(("gamma", "beta"), shape[-1:])


@dataclass(frozen=True, slots=True)
class Activation(Layer):
    """An activation as a layer of its own, which follows batch normalization."""

    activation: _Activation

    word: ClassVar[str] = "activation"
    leading: ClassVar[tuple[str, ...]] = ("activation",)


@dataclass(frozen=True, slots=True)
class LeakyReLU(Layer):
    """ReLU with a slope below zero."""

    negative_slope: Annotated[float, Number(0, 1, example=0.3)] = 0.3

    word: ClassVar[str] = "leakyrelu"
    leading: ClassVar[tuple[str, ...]] = ("negative_slope",)


@dataclass(frozen=True, slots=True)
class ELU(Layer):
    """The identity above zero, alpha · (exp(x) - 1) below."""

    alpha: Annotated[float, Number(0, 10, example=1)] = 1.0

    word: ClassVar[str] = "elu"
    leading: ClassVar[tuple[str, ...]] = ("alpha",)


@dataclass(frozen=True, slots=True)
class PReLU(Layer):
    """ReLU with a slope below zero that each value learns (He and others, 2015)."""

    word: ClassVar[str] = "prelu"

    def weights(self, shape: Shape) -> dict[str, Shape]:
        return {"alpha": shape}


@dataclass(frozen=True, slots=True)
class Dropout(Layer):
    """Sets a random share of the values to zero, in training only."""

    rate: _Share

    word: ClassVar[str] = "dropout"
    leading: ClassVar[tuple[str, ...]] = ("rate",)


@dataclass(frozen=True, slots=True)
class SpatialDropout2D(Layer):
    """Sets a random share of the maps to zero, in training only (Tompson and others, 2015)."""

    rate: _Share

    word: ClassVar[str] = "spatialdropout"
    leading: ClassVar[tuple[str, ...]] = ("rate",)

    def output_shape(self, shape: Shape) -> Shape:
        map_sides(shape)
        return shape


@dataclass(frozen=True, slots=True)
class Flatten(Layer):
    """Reshapes maps to a vector."""

    word: ClassVar[str] = "flatten"

    def output_shape(self, shape: Shape) -> Shape:
        return (prod(shape),)


@dataclass(frozen=True, slots=True)
class Reshape(Layer):
    """Gives the same values another shape."""

    target_shape: Annotated[Shape, Sides(65_536)]

    word: ClassVar[str] = "reshape"
    leading: ClassVar[tuple[str, ...]] = ("target_shape",)

    def output_shape(self, shape: Shape) -> Shape:
        if prod(shape) != prod(self.target_shape):
            raise LayerDoesNotFit("layers.other_count", count=prod(shape), wanted=prod(self.target_shape))
        return self.target_shape


@dataclass(frozen=True, slots=True)
class ZeroPadding2D(Layer):
    """Adds rows above and below of zeros, and columns left and right."""

    padding: Annotated[Pair, Size(0, 64)] = (1, 1)

    word: ClassVar[str] = "zeropad"
    leading: ClassVar[tuple[str, ...]] = ("padding",)

    def output_shape(self, shape: Shape) -> Shape:
        height, width = map_sides(shape)
        return height + 2 * self.padding[0], width + 2 * self.padding[1], shape[-1]


@dataclass(frozen=True, slots=True)
class Rescaling(Layer):
    """Multiplies by a number and adds another."""

    scale: _Factor
    offset: _Factor = 0.0

    word: ClassVar[str] = "rescaling"
    leading: ClassVar[tuple[str, ...]] = ("scale", "offset")


KINDS: Mapping[str, type[Layer]] = {
    kind.word: kind
    for kind in (
        *(Conv2D, DepthwiseConv2D, SeparableConv2D, Dense, MaxPooling2D, AveragePooling2D),
        *(GlobalAveragePooling2D, GlobalMaxPooling2D, Flatten, Dropout, SpatialDropout2D, BatchNormalization),
        *(LayerNormalization, Activation, LeakyReLU, ELU, PReLU, Reshape, ZeroPadding2D, Rescaling),
    )
}
"""By the word in a network's text."""

NOT_TRAINED = frozenset({"moving_mean", "moving_variance"})
"""The names of weights that training does not change by gradients."""


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A row of the layer table; shapes are without the batch."""

    layer: Layer
    input_shape: Shape
    output_shape: Shape

    @property
    def weights(self) -> dict[str, Shape]:
        """The shape of each weight by its name, in Keras's order."""
        return self.layer.weights(self.input_shape)

    @property
    def parameters(self) -> int:
        return self.layer.parameters(self.input_shape)

    @property
    def multiply_adds(self) -> int:
        """Multiplications by a weight, for one image."""
        return self.layer.multiply_adds(self.input_shape)


def layer_table(layers: Sequence[Layer], shape: Shape = IMAGE_SHAPE) -> list[LayerRow]:
    """Each layer with its shapes; raises LayerDoesNotFit."""
    return list(fitting_rows(layers, shape))


def fitting_rows(layers: Sequence[Layer], shape: Shape = IMAGE_SHAPE) -> Iterator[LayerRow]:
    """Yield the rows of the layer table up to the first layer that does not fit; then raise LayerDoesNotFit."""
    for place, layer in enumerate(layers):
        try:
            after = layer.output_shape(shape)
            if prod(after) > MOST_VALUES:
                raise LayerDoesNotFit("layers.too_many_values", count=prod(after), limit=MOST_VALUES)
        except LayerDoesNotFit as error:
            error.place = place
            raise
        yield LayerRow(layer, shape, after)
        shape = after


def _places(window: Window, shape: Shape) -> Pair:
    """The places of a window on maps of this shape; raises LayerDoesNotFit."""
    sides = map_sides(shape)
    if max(window.strides) > 1 and max(window.dilation) > 1:
        raise LayerDoesNotFit("layers.strides_and_dilation")
    return window.places(sides)


def _bias(used: bool, count: int) -> dict[str, Shape]:
    return {"bias": (count,)} if used else {}
