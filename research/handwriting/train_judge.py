"""Train the check for digits in NumPy: convolutions of the image and the network's features, one hidden layer."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.array_types import Floats
from core.inference.convolution import Convolution, halved, patches, places
from core.inference.judge import Judge

HIDDEN = 96
LARGEST = 300_000
"""Maximum number of weights of the hidden layer, which keeps the file below 500 kB."""

FILTERS = (16, 32, 48)
"""Filters of each convolution of the image."""

_FIRST_SIDE, _SIDE = 5, 3
"""Side of the kernels of the first convolution, and of the others."""

_STEP = 1 / 4_096
"""Step to which the hidden layer's weights are rounded, which makes the file smaller by a quarter."""

_EPOCHS = 5
_BATCH = 192
_RATE = 2e-3
_DECAY = 1e-4
_DROPPED = 0.2
_SHIFT = 1
"""Pixels by which a batch of images is moved at most, for the convolutions not to depend on the exact place."""

_Random = np.random.Generator


class Examples(NamedTuple):
    """Features float32 (m, n) of images float32 (m, 28, 28)."""

    rows: Floats
    images: Floats


def train(first: Examples, second: Examples, seed: int = 1, filters: Sequence[int] = FILTERS) -> Judge:
    """Train a classifier of examples into first and second class, with equal total weight.

    Adam (D. Kingma and J. Ba, 2015) on the cross-entropy; deterministic. Without filters, it has no convolutions.
    """
    random = np.random.default_rng(seed)
    rows = np.concatenate([first.rows, second.rows]).astype(np.float32)
    images = np.concatenate([first.images, second.images])
    mean = rows.mean(axis=0)
    scale = 1 / np.maximum(rows.std(axis=0), np.float32(1e-3))
    # in place, because the rows take gigabytes; limits the influence of features that rarely vary
    rows -= mean
    rows *= scale
    np.clip(rows, -8, 8, out=rows)
    kinds = np.r_[np.ones(len(first.rows), np.float32), np.zeros(len(second.rows), np.float32)]
    shares = len(rows) / (2 * np.array([len(second.rows), len(first.rows)], np.float32))
    weights = shares[kinds.astype(int)].astype(np.float32)
    values = _values(rows.shape[1], images.shape[1:], filters, random)
    means, squares = ([np.zeros_like(value) for value in values] for _ in range(2))
    batches = [
        chosen
        for _ in range(_EPOCHS)
        for chosen in np.array_split(random.permutation(len(rows)), -(-len(rows) // _BATCH))
    ]
    for step, chosen in enumerate(batches, start=1):
        moved = np.roll(images[chosen], random.integers(-_SHIFT, _SHIFT + 1, 2), axis=(1, 2))
        slopes = _slopes(values, rows[chosen], moved, kinds[chosen], weights[chosen], random)
        rate = _RATE * 0.5 * (1 + math.cos(math.pi * step / len(batches)))
        for number, slope in enumerate(slopes):
            means[number] = 0.9 * means[number] + 0.1 * slope
            squares[number] = 0.999 * squares[number] + 0.001 * slope**2
            way = means[number] / (1 - 0.9**step)
            spread = np.sqrt(squares[number] / (1 - 0.999**step))
            values[number] = (values[number] - rate * way / (spread + 1e-8)).astype(np.float32)
    hidden, bias, output, shift, *of_convolutions = values
    convolutions = tuple(Convolution(kernel.astype(np.float16), offset) for kernel, offset in _pairs(of_convolutions))
    rounded = (np.round(hidden / np.float32(_STEP)) * np.float32(_STEP)).astype(np.float16)
    return Judge(mean, scale, rounded, bias, output, shift, convolutions)


def _values(features: int, shape: tuple[int, ...], filters: Sequence[int], random: _Random) -> list[Floats]:
    """Random weights: the hidden layer, its bias, the output, its bias, and each convolution's kernel and bias."""
    convolutions = []
    maps: Floats = np.zeros((1, *shape, 1), np.float32)
    for number, count in enumerate(filters):
        side, channels = _SIDE if number else _FIRST_SIDE, maps.shape[3]
        spread = np.sqrt(2 / (side * side * channels))
        kernel = random.normal(0, spread, (side, side, channels, count)).astype(np.float32)
        maps = np.zeros((1, halved(maps.shape[1]), halved(maps.shape[2]), count), np.float32)
        convolutions += [kernel, np.zeros(count, np.float32)]
    inputs = features + (maps.size if filters else 0)
    hidden = max(4, min(HIDDEN, LARGEST // inputs))
    return [
        random.normal(0, np.sqrt(2 / inputs), (inputs, hidden)).astype(np.float32),
        np.zeros(hidden, np.float32),
        random.normal(0, np.sqrt(2 / hidden), hidden).astype(np.float32),
        np.zeros((), np.float32),
        *convolutions,
    ]


def _slopes(
    values: list[Floats], rows: Floats, images: Floats, kinds: Floats, weights: Floats, random: _Random
) -> list[Floats]:
    """Gradient of the cross-entropy, with dropout on the inputs of the hidden layer."""
    hidden, bias, output, shift, *of_convolutions = values
    convolutions = _pairs(of_convolutions)
    maps: list[Floats] = [images[..., None]]
    looked: list[Floats] = []
    for kernel, offset in convolutions:
        looked.append(patches(maps[-1], len(kernel)))
        maps.append(np.maximum(looked[-1] @ kernel.reshape(-1, len(offset)) + offset, 0))
    inputs = np.concatenate([rows, maps[-1].reshape(len(rows), -1)], axis=1) if convolutions else rows
    kept = (random.random(inputs.shape, np.float32) >= _DROPPED).astype(np.float32) / np.float32(1 - _DROPPED)
    inputs = inputs * kept
    before = inputs @ hidden + bias
    after = np.maximum(before, 0)
    odds = after @ output + shift
    error = (1 / (1 + np.exp(-odds)) - kinds) * weights / np.float32(len(rows))
    back: Floats = np.outer(error, output) * (before > 0)
    slopes = [
        inputs.T @ back + _DECAY * hidden,
        back.sum(axis=0),
        after.T @ error + _DECAY * output,
        error.sum(),
    ]
    if not convolutions:
        return slopes
    given = rows.shape[1]
    of_values: Floats = back @ hidden[given:].T
    of_maps: Floats = (of_values * kept[:, given:]).reshape(maps[-1].shape)
    of_convolutions = []
    for number, (kernel, offset) in reversed(list(enumerate(convolutions))):
        below = (of_maps * (maps[number + 1] > 0)).reshape(-1, len(offset))
        seen = looked[number].reshape(len(below), -1)
        of_kernel = (seen.T @ below).reshape(kernel.shape) + _DECAY * kernel
        of_convolutions = [of_kernel, below.sum(axis=0), *of_convolutions]
        if number:
            of_patches: Floats = (below @ kernel.reshape(-1, len(offset)).T).reshape(looked[number].shape)
            of_maps = _of_maps(of_patches, maps[number].shape, len(kernel))
    return [*slopes, *of_convolutions]


def _pairs(of_convolutions: Sequence[Floats]) -> list[tuple[Floats, Floats]]:
    """Kernel and bias of each convolution."""
    return list(zip(of_convolutions[::2], of_convolutions[1::2], strict=True))


def _of_maps(of_patches: Floats, shape: tuple[int, ...], side: int) -> Floats:
    """The gradient of maps of this shape from that of their `patches`."""
    count, height, width, channels = shape
    padded = np.zeros((count, height + side - 1, width + side - 1, channels), np.float32)
    for number, (rows, columns) in enumerate(places(height, width, side)):
        padded[:, rows, columns] += of_patches[..., number * channels : (number + 1) * channels]
    edge = side // 2
    return padded[:, edge : edge + height, edge : edge + width]
