"""Convolution by hand: the patch, the products and the sum behind every output pixel."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.array_types import Doubles, Floats
from core.config.layer import Window


@dataclass(frozen=True, eq=False)
class OutputPixel:
    """One pixel of the output: patch and kernel, float64 (h, w, channels), and the filter's bias."""

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


def padded(image: Floats, window: Window) -> Floats:
    """The input that the kernel slides over: with `same`, the image float32 (h, w, c) padded with zeros."""
    return np.pad(image, (*window.margins(image.shape[:2]), (0, 0)))


def convolved(image: Floats, kernel: Floats, bias: float, window: Window) -> Floats:
    """The output before the activation, float32 (rows, columns), for an image (h, w, c) and a kernel (h, w, c).

    As in Keras the kernel is not flipped, so strictly this is a cross-correlation. Raises ValueError if the kernel does
    not fit the window or has a different number of channels than the image, LayerDoesNotFit if it is larger.
    """
    if kernel.shape != (*window.size, image.shape[-1]):
        raise ValueError(f"a kernel {kernel.shape} on an image {image.shape}")
    rows, columns = window.places(image.shape[:2])
    views = sliding_window_view(padded(image, window), window.span, axis=(0, 1))
    (down, right), (below, beside) = window.strides, window.dilation
    patches = views[::down, ::right, :, ::below, ::beside][:rows, :columns]
    summed = np.tensordot(patches.astype(np.float64), kernel.transpose(2, 0, 1).astype(np.float64), axes=3)
    return (summed + bias).astype(np.float32)


def output_pixel(image: Floats, kernel: Floats, bias: float, window: Window, row: int, column: int) -> OutputPixel:
    """The calculation of one pixel of that output; raises IndexError for a row or column outside it."""
    rows, columns = window.places(image.shape[:2])
    if not (0 <= row < rows and 0 <= column < columns):
        raise IndexError(f"no pixel {row}, {column}")
    top, left = row * window.strides[0], column * window.strides[1]
    (height, width), (below, beside) = window.span, window.dilation
    patch = padded(image, window)[top : top + height : below, left : left + width : beside]
    return OutputPixel(patch.astype(np.float64), kernel.astype(np.float64), float(bias))
