"""The kinds of layers, each described once: its arguments, its shapes and its weights, without TensorFlow.

A list of them describes a network; Keras layers, the Keras script, the form and the layer table are all made from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Annotated, ClassVar

from core.config.convolutions import Conv2D, DepthwiseConv2D, SeparableConv2D
from core.config.layer import (
    ActivationName,
    Initializer,
    Layer,
    LayerDoesNotFit,
    Pair,
    Shape,
    Sides,
    Size,
    Strength,
    Weighted,
    bias_shape,
    map_sides,
    vector_length,
)
from core.config.poolings import AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D, MaxPooling2D
from core.config.rules import Number, Whole

MOST_VALUES = 1_000_000
"""Of a layer's output for one image: with more, a batch does not fit into a small machine's memory."""

_Share = Annotated[float, Number(0, 0.9, example=0.25)]
_Factor = Annotated[float, Number(-1000, 1000, example=2)]


@dataclass(frozen=True, slots=True)
class Dense(Weighted):
    """A layer in which every unit sees every input."""

    units: Annotated[int, Whole(1, 8192)]
    activation: ActivationName = "linear"
    use_bias: bool = True
    kernel_initializer: Initializer = "glorot_uniform"
    l1: Strength = 0.0
    l2: Strength = 0.0

    word: ClassVar[str] = "dense"
    leading: ClassVar[tuple[str, ...]] = ("units", "activation")

    def output_shape(self, shape: Shape) -> Shape:
        vector_length(shape)
        return (self.units,)

    def weights(self, shape: Shape) -> dict[str, Shape]:
        return {"kernel": (shape[0], self.units), **bias_shape(self.use_bias, self.units)}

    def multiply_adds(self, shape: Shape) -> int:
        return shape[0] * self.units


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

    activation: ActivationName

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


def layer_table(layers: Sequence[Layer], shape: Shape) -> list[LayerRow]:
    """Each layer with its shapes, for images of this shape; raises LayerDoesNotFit."""
    return list(fitting_rows(layers, shape))


def fitting_rows(layers: Sequence[Layer], shape: Shape) -> Iterator[LayerRow]:
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
