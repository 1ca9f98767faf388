"""Gradient descent on real digits with one image, some, or all of them in an update.

Softmax regression in NumPy: the smallest network that reads digits, one layer of 785 weights a class. Its loss has
no local minima, so that all that sets the three ways apart is how they get down.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.config.network import CLASSES
from core.data.arrays import Bytes

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]

IMAGES = 1_000
PASSES = 10
MOMENTS = 100
"""How often a path is looked at on its way, and some more times at its beginning."""
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""With the highest, one image an update ends worse than guessing."""
BATCHES = (4, 8, 16, 32, 64, 128, 256, 512)
GRID = 33
"""Points along each side of a surface."""

_SEED = 1
# products this small stay in one thread; of two, each would wait for the other where runs train beside it
_BLOCK = 32
_PLANE_POINTS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Images float32 (n, 785) in 0..1, the last column 1 for the biases; labels (n,) and one-hot targets (n, 10)."""

    inputs: Floats
    labels: Counts
    targets: Floats

    @classmethod
    def of(cls, images: Bytes, labels: Bytes) -> "Problem":
        """From images uint8 (n, 28, 28) and labels (n,)."""
        count = len(labels)
        inputs = np.ones((count, images[0].size + 1), np.float32)
        inputs[:, :-1] = images.reshape(count, -1) / np.float32(255)
        classes = labels.astype(np.int64)
        return cls(inputs, classes, np.eye(CLASSES, dtype=np.float32)[classes])

    def __len__(self) -> int:
        return len(self.labels)

    def batches(self, size: int) -> Iterator[tuple[Floats, Floats]]:
        """Inputs and targets pass after pass, in another order each time, the same for every batch size."""
        random = np.random.default_rng(_SEED)
        while True:
            order = random.permutation(len(self))
            for first in range(0, len(self), size):
                batch = order[first : first + size]
                yield self.inputs[batch], self.targets[batch]


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """One way down, as it was at some moments from the start on."""

    batch_size: int
    updates: Counts
    """Made by each moment."""
    images: Counts
    """Seen by each moment, repeated ones too."""
    loss: Floats
    """Of all images, not of the batch."""
    place: Floats
    """(moments, 2) in the plane of the surface."""
    seconds: float
    """Measured, for the updates alone."""

    def until(self, images: int) -> int:
        """How many of the moments come within so many images."""
        return int(np.searchsorted(self.images, images, side="right"))


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The loss of all images in a plane through the start: loss (y, x) at x and y, lengths in the space of weights."""

    x: Floats
    y: Floats
    loss: Floats
    share: float
    """How much of the paths' squared distances from the start lies in the plane."""


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """Three ways down from the same weights, all zero, with the same learning rate and as many images."""

    stochastic: Path
    mini: Path
    full: Path
    surface: Surface

    @property
    def paths(self) -> tuple[Path, Path, Path]:
        return self.stochastic, self.mini, self.full


def descend(problem: Problem, *, rate: float, batch_size: int) -> Descent:
    """One image, batch_size images and all images an update, PASSES times through the problem; about a third of a
    second for 1,000 images."""
    found = [_walk(problem, size, rate) for size in (1, batch_size, len(problem))]
    weights = np.concatenate([each.weights for each in found])
    axes = _plane(weights)
    places = weights @ axes.T
    share = float(np.square(places).sum() / max(np.square(weights).sum(), 1e-12))
    losses = _losses(problem, weights)
    paths, first = [], 0
    for each in found:
        mine = slice(first, first + len(each.weights))
        first = mine.stop
        updates = np.array(each.updates)
        passes, rest = np.divmod(updates, -(-len(problem) // each.batch_size))
        images = passes * len(problem) + rest * each.batch_size
        paths.append(Path(each.batch_size, updates, images, losses[mine], places[mine], each.seconds))
    stochastic, mini, full = paths
    return Descent(stochastic, mini, full, _surface(problem, axes, places, share))


@dataclass(frozen=True, slots=True)
class Tried:
    """A batch size after PASSES passes: updates made, seconds measured for them, and the loss of all images."""

    batch_size: int
    updates: int
    seconds: float
    loss: float


def try_sizes(problem: Problem, *, rate: float) -> list[Tried]:
    """One way down for each batch size from one image to all, the learning rate the same."""
    found = [_walk(problem, size, rate) for size in (1, *BATCHES[::2], len(problem))]
    losses = _losses(problem, np.concatenate([each.weights[-1:] for each in found]))
    return [
        Tried(each.batch_size, each.updates[-1], each.seconds, float(after))
        for each, after in zip(found, losses, strict=True)
    ]


def gradient(inputs: Floats, targets: Floats, weights: Floats) -> Floats:
    """Of the mean cross-entropy by the weights (785, 10), for inputs (n, 785) and one-hot targets (n, 10)."""
    if len(inputs) == 1:
        # stochastic descent does this ten thousand times
        alone = inputs[0] @ weights
        alone -= alone.max()
        np.exp(alone, out=alone)
        alone /= alone.sum()
        alone -= targets[0]
        single: Floats = inputs[0][:, None] * alone
        return single
    found = np.zeros_like(weights)
    for first in range(0, len(inputs), _BLOCK):
        rows, wanted = inputs[first : first + _BLOCK], targets[first : first + _BLOCK]
        scores = rows @ weights
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores, out=scores)
        shares /= shares.sum(axis=1, keepdims=True)
        shares -= wanted
        found += rows.T @ shares
    found /= np.float32(len(inputs))
    return found


@dataclass(slots=True, eq=False)
class _Walk:
    batch_size: int
    updates: list[int]
    weights: Floats
    seconds: float


def _walk(problem: Problem, batch_size: int, rate: float) -> _Walk:
    weights = np.zeros((problem.inputs.shape[1], CLASSES), np.float32)
    total = PASSES * -(-len(problem) // batch_size)
    # early updates change most, and an axis of logarithms shows them best
    evenly, early = np.linspace(0, total, min(total, MOMENTS) + 1), np.geomspace(1, total, 20)
    looked = np.unique(np.concatenate([evenly, early]).round().astype(int))
    kept = np.empty((len(looked), weights.size), np.float32)
    kept[0] = 0
    batches = problem.batches(batch_size)
    seconds = 0.0
    for place, (before, after) in enumerate(pairwise(map(int, looked)), start=1):
        began = time.perf_counter()
        for _ in range(after - before):
            inputs, targets = next(batches)
            weights -= np.float32(rate) * gradient(inputs, targets, weights)
        seconds += time.perf_counter() - began
        kept[place] = weights.ravel()
    return _Walk(batch_size, [int(update) for update in looked], kept, seconds)


def _losses(problem: Problem, weights: Floats) -> Floats:
    """The mean cross-entropy of all images, in nats, with each of weights (k, 7850)."""
    stacked = weights.reshape(len(weights), -1, CLASSES).transpose(1, 0, 2).reshape(problem.inputs.shape[1], -1)
    return _cross_entropy((problem.inputs @ stacked).reshape(len(problem), -1, CLASSES), problem.labels)


def _cross_entropy(scores: Floats, labels: Counts) -> Floats:
    """Means over the images of scores (n, k, 10): (k,)."""
    highest = scores.max(axis=2)
    own = np.take_along_axis(scores, labels[:, None, None], axis=2)[..., 0]
    own -= highest
    scores -= highest[..., None]
    np.exp(scores, out=scores)
    found: Floats = (np.log(scores.sum(axis=2)) - own).mean(axis=0)
    return found


def _plane(weights: Floats) -> Floats:
    """Two orthonormal directions (2, 7850) in which most of the paths' distance from the start, zero, lies.

    Principal components about the start, as H. Li et al. (2018), Visualizing the Loss Landscape of Neural Nets.
    """
    # a third of the points says where a path goes, and so small a matrix is quickly seen to
    some = weights[:: max(1, len(weights) // _PLANE_POINTS)]
    values, vectors = np.linalg.eigh((some @ some.T).astype(np.float64))
    axes = (vectors[:, [-1, -2]].T @ some) / np.sqrt(np.maximum(values[[-1, -2]], 1e-12))[:, None]
    # downhill to the right, so that a changed learning rate does not turn the picture around
    axes *= np.where((axes @ weights.sum(axis=0)) < 0, -1, 1)[:, None]
    found: Floats = axes.astype(np.float32)
    return found


def _surface(problem: Problem, axes: Floats, places: Floats, share: float) -> Surface:
    low, high = places.min(axis=0), places.max(axis=0)
    room = 0.12 * (high - low) + 1e-3
    x, y = (np.linspace(low[i] - room[i], high[i] + room[i], GRID, dtype=np.float32) for i in (0, 1))
    # scores are linear in the weights: two products for the whole plane
    along = [problem.inputs @ axis.reshape(-1, CLASSES) for axis in axes]
    rows = [_cross_entropy(along[0][:, None] * x[:, None] + along[1][:, None] * here, problem.labels) for here in y]
    return Surface(x, y, np.array(rows), share)
