"""The layers of a network, with their shapes and parameter counts, without TensorFlow.

A list of them describes a network; Keras layers, the Keras script and the layer table are all made from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

Shape = tuple[int, ...]
Padding = Literal["same", "valid"]

IMAGE_SHAPE: Shape = (28, 28, 1)


class LayerDoesNotFit(ValueError):
    """A kernel or window is larger than its input."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer that keeps the shape of its input and has no parameters."""

    name: str

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def parameters(self, shape: Shape) -> int:  # noqa: ARG002 layers with parameters need it
        return 0


@dataclass(frozen=True, slots=True)
class Conv2D(_Layer):
    """Convolution with square kernels and stride 1."""

    filters: int
    kernel_size: int
    padding: Padding
    activation: str

    def output_shape(self, shape: Shape) -> Shape:
        height, width, _ = shape
        if self.kernel_size > min(height, width):
            raise LayerDoesNotFit(f"{self.kernel_size}×{self.kernel_size} on {height}×{width}")
        shrink = 0 if self.padding == "same" else self.kernel_size - 1
        return height - shrink, width - shrink, self.filters

    def parameters(self, shape: Shape) -> int:
        return (self.kernel_size**2 * shape[-1] + 1) * self.filters


@dataclass(frozen=True, slots=True)
class Pooling(_Layer):
    """Pooling over 2×2 windows, stride 2."""

    kind: Literal["max", "average"]
    padding: Padding

    def output_shape(self, shape: Shape) -> Shape:
        height, width, channels = shape
        up = 1 if self.padding == "same" else 0
        if min(height, width) + up < 2:
            raise LayerDoesNotFit(f"2×2 on {height}×{width}")
        return (height + up) // 2, (width + up) // 2, channels


@dataclass(frozen=True, slots=True)
class Dense(_Layer):
    """A layer in which every unit sees every input."""

    units: int
    activation: str

    def output_shape(self, shape: Shape) -> Shape:  # noqa: ARG002 other layers need it
        return (self.units,)

    def parameters(self, shape: Shape) -> int:
        return (shape[0] + 1) * self.units


@dataclass(frozen=True, slots=True)
class BatchNormalization(_Layer):
    """Scales and shifts by the batch's statistics (Ioffe and Szegedy, 2015)."""

    momentum: float = 0.9
    """With Keras's default, 0.99, the arbitrary initial variance counts for 500 updates: longer than many runs here."""

    def parameters(self, shape: Shape) -> int:
        return 4 * shape[-1]


@dataclass(frozen=True, slots=True)
class Activation(_Layer):
    """An activation as a layer of its own, which follows batch normalization."""

    activation: str


@dataclass(frozen=True, slots=True)
class Dropout(_Layer):
    """Sets a random share of the values to zero, in training only."""

    rate: float


@dataclass(frozen=True, slots=True)
class Flatten(_Layer):
    """Reshapes an image to a vector."""

    def output_shape(self, shape: Shape) -> Shape:
        return (prod(shape),)


Layer = Conv2D | Pooling | Dense | BatchNormalization | Activation | Dropout | Flatten


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A row of the layer table; shapes are without the batch."""

    layer: Layer
    output_shape: Shape
    parameters: int
    multiply_adds: int
    """Multiplications by a weight, for one image."""


def layer_table(layers: Sequence[Layer], shape: Shape = IMAGE_SHAPE) -> list[LayerRow]:
    """Each layer with its output shape and number of parameters; raises LayerDoesNotFit."""
    rows = []
    for layer in layers:
        parameters = layer.parameters(shape)
        before, shape = shape, layer.output_shape(shape)
        rows.append(LayerRow(layer, shape, parameters, _multiply_adds(layer, before, shape)))
    return rows


def _multiply_adds(layer: Layer, before: Shape, after: Shape) -> int:
    match layer:
        case Conv2D(kernel_size=size):
            return size**2 * before[-1] * prod(after)
        case Dense(units=units):
            return before[0] * units
        case _:
            return 0
