"""The kinds of convolutions: their arguments, shapes and weights."""

from dataclasses import dataclass
from math import prod
from typing import Annotated, ClassVar

from core.config.layer import (
    ActivationName,
    Initializer,
    Padding,
    Pair,
    Shape,
    Size,
    Steps,
    Strength,
    Weighted,
    Window,
    bias_shape,
    places_on,
)
from core.config.rules import Whole

_Filters = Annotated[int, Whole(1, 512)]
_Kernel = Annotated[Pair, Size(1, 128, both=True)]
_Step = Annotated[int, Whole(1, 64)]


@dataclass(frozen=True, slots=True)
class Conv2D(Weighted):
    """Convolution."""

    filters: _Filters
    kernel_size: _Kernel
    activation: ActivationName = "linear"
    padding: Padding = "valid"
    strides: Steps = (1, 1)
    dilation_rate: Steps = (1, 1)
    use_bias: bool = True
    kernel_initializer: Initializer = "glorot_uniform"
    l1: Strength = 0.0
    l2: Strength = 0.0

    word: ClassVar[str] = "conv"
    leading: ClassVar[tuple[str, ...]] = ("filters", "kernel_size", "activation", "padding")

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, self.strides, self.dilation_rate, self.padding)

    def output_shape(self, shape: Shape) -> Shape:
        return (*places_on(self.window, shape), self.filters)

    def weights(self, shape: Shape) -> dict[str, Shape]:
        return {"kernel": (*self.kernel_size, shape[-1], self.filters), **bias_shape(self.use_bias, self.filters)}

    def multiply_adds(self, shape: Shape) -> int:
        return prod(self.kernel_size) * shape[-1] * prod(self.output_shape(shape))


@dataclass(frozen=True)
class _OfEachChannel(Weighted):
    """A convolution that begins with each channel by itself, for which Keras takes one step in both directions."""

    # the kinds have slots of their own, and two bases with slots cannot be combined
    __slots__ = ()

    kernel_size: _Kernel
    activation: ActivationName = "linear"
    padding: Padding = "valid"
    strides: _Step = 1
    dilation_rate: _Step = 1
    depth_multiplier: _Step = 1
    use_bias: bool = True
    kernel_initializer: Initializer = "glorot_uniform"
    l1: Strength = 0.0
    l2: Strength = 0.0

    @property
    def window(self) -> Window:
        return Window(self.kernel_size, (self.strides,) * 2, (self.dilation_rate,) * 2, self.padding)


@dataclass(frozen=True)
class _WithFilters(Weighted):
    """A layer whose first argument is the number of its filters; a base, so that it stands before those of others."""

    __slots__ = ()

    filters: _Filters


@dataclass(frozen=True, slots=True)
class DepthwiseConv2D(_OfEachChannel):
    """Convolution of each channel by kernels of its own."""

    word: ClassVar[str] = "depthwise"
    leading: ClassVar[tuple[str, ...]] = ("kernel_size", "activation", "padding")
    kernels: ClassVar[tuple[str, ...]] = ("depthwise",)

    def output_shape(self, shape: Shape) -> Shape:
        return (*places_on(self.window, shape), shape[-1] * self.depth_multiplier)

    def weights(self, shape: Shape) -> dict[str, Shape]:
        kernel = (*self.kernel_size, shape[-1], self.depth_multiplier)
        return {"kernel": kernel, **bias_shape(self.use_bias, shape[-1] * self.depth_multiplier)}

    def multiply_adds(self, shape: Shape) -> int:
        return prod(self.kernel_size) * prod(self.output_shape(shape))


@dataclass(frozen=True, slots=True)
class SeparableConv2D(_OfEachChannel, _WithFilters):
    """Convolution of each channel by itself, then a weighted sum of all channels at each place."""

    word: ClassVar[str] = "separable"
    leading: ClassVar[tuple[str, ...]] = ("filters", "kernel_size", "activation", "padding")
    kernels: ClassVar[tuple[str, ...]] = ("depthwise", "pointwise")

    def output_shape(self, shape: Shape) -> Shape:
        return (*places_on(self.window, shape), self.filters)

    def weights(self, shape: Shape) -> dict[str, Shape]:
        between = shape[-1] * self.depth_multiplier
        return {
            "depthwise_kernel": (*self.kernel_size, shape[-1], self.depth_multiplier),
            "pointwise_kernel": (1, 1, between, self.filters),
            **bias_shape(self.use_bias, self.filters),
        }

    def multiply_adds(self, shape: Shape) -> int:
        height, width, _ = self.output_shape(shape)
        between = shape[-1] * self.depth_multiplier
        return height * width * between * (prod(self.kernel_size) + self.filters)
