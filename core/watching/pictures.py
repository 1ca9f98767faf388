"""A program's inputs as pictures: what it feeds its network, brought back to pixels."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.array_types import Bytes
from core.config.datasets import CHANNELS, LARGEST_SIDE, MOST_CLASSES, SMALLEST_SIDE
from core.config.layer import Shape
from core.runs.model_file import InputForm

_DIGITS = 10
_PAPER = 0.5
"""Of digits whose border is brighter, the paper is white."""


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Images uint8 (n, height, width) or (n, height, width, 3), their labels, and the form in which they were fed."""

    images: Bytes
    labels: Bytes
    form: InputForm

    @property
    def shape(self) -> Shape:
        """Height, width and channels."""
        return (*self.images.shape[1:], 1)[:3]


def pictures(inputs: NDArray[np.generic], targets: NDArray[np.generic]) -> Pictures | None:
    """The pictures that a network was fed; None if its inputs are not pictures, or the targets not classes."""
    labels = classes_of(targets)
    form = form_of(inputs, inputs.shape[1:])
    if labels is None or form is None:
        return None
    if labels.max() < _DIGITS and form.shape[-1] != len(CHANNELS) + 1 and _is_inverted(inputs, form):
        form = replace(form, inverted=True, scale=-form.scale, offset=form.scale + form.offset)
    return Pictures(pixels(inputs, form), labels, form)


def classes_of(targets: NDArray[np.generic]) -> Bytes | None:
    """The classes uint8 (n,) that targets name by number or by a one in a row; None where they name none."""
    values = np.asarray(targets)
    if values.ndim == 2 and values.shape[1] > 1:
        # one 1 in each row
        one_each = np.isclose(values.sum(axis=1), 1).all() and np.isin(values, (0, 1)).all()
        found = values.argmax(axis=1) if one_each else None
    else:
        flat = values.reshape(len(values), -1)
        whole = flat.shape[1] == 1 and np.equal(np.mod(flat, 1), 0).all()
        found = flat[:, 0] if whole else None
    if found is None or not 0 <= found.min() <= found.max() < MOST_CLASSES:
        return None
    classes: Bytes = found.astype(np.uint8)
    return classes


def form_of(inputs: NDArray[np.generic] | None, shape: Shape) -> InputForm | None:
    """How inputs of this shape (without the batch) show pictures, with the range of these; None where they do not."""
    sides = picture_shape(shape)
    if sides is None:
        return None
    form = InputForm(tuple(map(int, shape)), channels_first=_channels_first(shape))
    if inputs is None:
        return form
    low, high = float(inputs.min()), float(inputs.max())
    if not math.isfinite(high - low):
        return None
    if low >= 0 and high <= 1:
        return form
    if low >= 0 and high <= 255:
        return replace(form, pixels="bytes", scale=255.0)
    if low >= -1 and high <= 1:
        return replace(form, pixels="signed", scale=2.0, offset=-1.0)
    return replace(form, pixels="standardized", scale=high - low, offset=low)


def picture_shape(shape: Shape) -> Shape | None:
    """Height, width and channels of the pictures that inputs of this shape (without the batch) are."""
    match tuple(map(int, shape)):
        case (length,):
            found = next(
                (s for c in CHANNELS if (s := (math.isqrt(length // c),) * 2 + (c,)) and math.prod(s) == length), None
            )
        case (height, width):
            found = (height, width, 1)
        case (channels, height, width) if _channels_first(shape):
            found = (height, width, channels)
        case (height, width, channels) if channels in CHANNELS:
            found = (height, width, channels)
        case _:
            found = None
    fits = found is not None and all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in found[:2])
    return found if fits else None


def pixels(inputs: NDArray[np.generic], form: InputForm) -> Bytes:
    """Inputs (n, *form.shape) as images uint8 (n, height, width) or (n, height, width, 3)."""
    height, width, channels = picture_shape(form.shape) or ()
    found = np.empty((len(inputs), height, width, channels), np.uint8)
    step = 1_000
    for at in range(0, len(inputs), step):
        values = (inputs[at : at + step].astype(np.float32) - form.offset) / form.scale
        sides = (channels, height, width) if form.channels_first else (height, width, channels)
        values = values.reshape(-1, *sides)
        values = values.transpose(0, 2, 3, 1) if form.channels_first else values
        found[at : at + step] = np.clip(np.rint(values * 255), 0, 255)
    return found[..., 0] if channels == 1 else found


def _channels_first(shape: Shape) -> bool:
    return len(shape) == 3 and shape[0] in CHANNELS and shape[2] not in CHANNELS


def _is_inverted(inputs: NDArray[np.generic], form: InputForm) -> bool:
    images = pixels(inputs[:1_000], form)
    if images.ndim > 3:
        return False
    border = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
    return float(np.median(border)) > _PAPER * 255
