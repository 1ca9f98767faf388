"""Convolution by hand: the patch, the products and the sum behind every output pixel."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.array_types import Doubles, Floats
from core.config.layers import Padding


@dataclass(frozen=True, eq=False)
class OutputPixel:
    """One pixel of the output: patch and kernel, float64 (side, side, channels), and the filter's bias."""

    patch: Doubles
    kernel: Doubles
    bias: float

    @property
    def products(self) -> Doubles:
        return self.patch * self.kernel

    @property
    def channel_sums(self) -> Doubles:
        """Sum of the products of each channel, float64 (channels,)."""
        return self.products.sum(axis=(0, 1))

    @property
    def value(self) -> float:
        return float(self.products.sum()) + self.bias


def padded(image: Floats, side: int, padding: Padding) -> Floats:
    """The input that the kernel slides over: with `same`, the image float32 (h, w, c) padded with zeros.

    For an even kernel, Keras pads one zero more at the right and the bottom.
    """
    if padding == "valid":
        return image
    before, after = (side - 1) // 2, side // 2
    return np.pad(image, ((before, after), (before, after), (0, 0)))


def convolved(image: Floats, kernel: Floats, bias: float, padding: Padding) -> Floats:
    """The output before the activation, float32 (h, w), for an image (h, w, c) and a kernel (side, side, c).

    As in Keras the kernel is not flipped, so strictly this is a cross-correlation. Raises ValueError if the kernel is
    larger than the image or has a different number of channels.
    """
    side = len(kernel)
    if kernel.shape != (side, side, image.shape[-1]):
        raise ValueError(f"a kernel {kernel.shape} on an image {image.shape}")
    windows = sliding_window_view(padded(image, side, padding), (side, side), axis=(0, 1))
    summed = np.tensordot(windows.astype(np.float64), kernel.transpose(2, 0, 1).astype(np.float64), axes=3)
    return (summed + bias).astype(np.float32)


def output_pixel(image: Floats, kernel: Floats, bias: float, padding: Padding, row: int, column: int) -> OutputPixel:
    """The calculation of one pixel of that output; raises IndexError for a row or column outside it."""
    side = len(kernel)
    ground = padded(image, side, padding)
    if not (0 <= row <= ground.shape[0] - side and 0 <= column <= ground.shape[1] - side):
        raise IndexError(f"no pixel {row}, {column}")
    patch = ground[row : row + side, column : column + side]
    return OutputPixel(patch.astype(np.float64), kernel.astype(np.float64), float(bias))
