"""Gradient descent on real digits with one image, a mini-batch, or all images per update.

Softmax regression in NumPy: the smallest network that reads digits, one layer with 785 weights per class. Its loss
has no local minima, so the three variants differ only in their path to the minimum.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.array_types import Bytes, Counts, Floats
from core.config.datasets import BUILT_IN

CLASSES = len(BUILT_IN["mnist"].classes)
IMAGES = 1_000
PASSES = 10
MOMENTS = 100
"""Recorded points along a path, plus some more near its start."""
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""At the highest rate, updates on single images end with a loss worse than guessing."""
BATCHES = (4, 8, 16, 32, 64, 128, 256, 512)
GRID = 33
"""Points along each side of the loss surface."""

_SEED = 1
# small enough for BLAS to use one thread; two would wait for each other while runs train alongside
_BLOCK = 32
_PLANE_POINTS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Images float32 (n, 785) in 0..1, last column 1 for the biases; labels (n,) and one-hot targets (n, 10)."""

    inputs: Floats
    labels: Counts
    targets: Floats

    @classmethod
    def of(cls, images: Bytes, labels: Bytes) -> "Problem":
        """A problem from images uint8 (n, 28, 28) and labels (n,)."""
        count = len(labels)
        inputs = np.ones((count, images[0].size + 1), np.float32)
        inputs[:, :-1] = images.reshape(count, -1) / np.float32(255)
        classes = labels.astype(np.int64)
        return cls(inputs, classes, np.eye(CLASSES, dtype=np.float32)[classes])

    def __len__(self) -> int:
        return len(self.labels)

    def batches(self, size: int) -> Iterator[tuple[Floats, Floats]]:
        """Endless batches of inputs and targets, reshuffled each pass; the order is the same for every batch size."""
        random = np.random.default_rng(_SEED)
        while True:
            order = random.permutation(len(self))
            for first in range(0, len(self), size):
                batch = order[first : first + size]
                yield self.inputs[batch], self.targets[batch]


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """One path of descent, recorded at several moments from the start on."""

    batch_size: int
    updates: Counts
    """Number of updates by each moment."""
    images: Counts
    """Number of images seen by each moment, counting repeats."""
    loss: Floats
    """Loss over all images, not just the batch."""
    place: Floats
    """Coordinates (moments, 2) in the plane of the surface."""
    seconds: float
    """Measured time of the updates alone."""

    def until(self, images: int) -> int:
        """Number of moments at which at most this many images had been seen."""
        return int(np.searchsorted(self.images, images, side="right"))


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Loss (y, x) over all images in a plane through the start; x and y are distances in weight space."""

    x: Floats
    y: Floats
    loss: Floats
    share: float
    """Share of the paths' squared distances from the start that lies in the plane."""


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """Three paths from all-zero weights with the same learning rate and the same number of images."""

    stochastic: Path
    mini: Path
    full: Path
    surface: Surface

    @property
    def paths(self) -> tuple[Path, Path, Path]:
        return self.stochastic, self.mini, self.full


def descend(problem: Problem, *, rate: float, batch_size: int) -> Descent:
    """Descend with one image, batch_size images and all images per update, for PASSES passes over the problem.

    Takes about a third of a second for 1,000 images.
    """
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
    """A batch size after PASSES passes: number of updates, their measured seconds, and the loss over all images."""

    batch_size: int
    updates: int
    seconds: float
    loss: float


def try_sizes(problem: Problem, *, rate: float) -> list[Tried]:
    """Descend with several batch sizes from one image to all, at the same learning rate."""
    found = [_walk(problem, size, rate) for size in (1, *BATCHES[::2], len(problem))]
    losses = _losses(problem, np.concatenate([each.weights[-1:] for each in found]))
    return [
        Tried(each.batch_size, each.updates[-1], each.seconds, float(after))
        for each, after in zip(found, losses, strict=True)
    ]


def gradient(inputs: Floats, targets: Floats, weights: Floats) -> Floats:
    """Gradient of the mean cross-entropy for weights (785, 10), inputs (n, 785) and one-hot targets (n, 10)."""
    if len(inputs) == 1:
        # a fast path, because stochastic descent does this ten thousand times
        alone = inputs[0] @ weights
        alone -= alone.max()
        np.exp(alone, out=alone)
        alone /= alone.sum()
        alone -= targets[0]
        return inputs[0][:, None] * alone
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
    # the early updates change most, and a logarithmic axis shows them best
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
    """Mean cross-entropy in nats over all images, for each of the weights (k, 7850)."""
    stacked = weights.reshape(len(weights), -1, CLASSES).transpose(1, 0, 2).reshape(problem.inputs.shape[1], -1)
    return _cross_entropy((problem.inputs @ stacked).reshape(len(problem), -1, CLASSES), problem.labels)


def _cross_entropy(scores: Floats, labels: Counts) -> Floats:
    """Mean over the images of scores (n, k, 10), as (k,)."""
    highest = scores.max(axis=2)
    own = np.take_along_axis(scores, labels[:, None, None], axis=2)[..., 0]
    own -= highest
    scores -= highest[..., None]
    np.exp(scores, out=scores)
    return (np.log(scores.sum(axis=2)) - own).mean(axis=0)


def _plane(weights: Floats) -> Floats:
    """Two orthonormal directions (2, 7850) that contain most of the paths' distance from the start, which is 0.

    Principal components about the start, as in H. Li et al. (2018), Visualizing the Loss Landscape of Neural Nets.
    """
    # a third of the points is enough for the direction, and the matrix stays small
    some = weights[:: max(1, len(weights) // _PLANE_POINTS)]
    values, vectors = np.linalg.eigh((some @ some.T).astype(np.float64))
    axes = (vectors[:, [-1, -2]].T @ some) / np.sqrt(np.maximum(values[[-1, -2]], 1e-12))[:, None]
    # paths go to the right, so that a change of the learning rate does not mirror the picture
    axes *= np.where((axes @ weights.sum(axis=0)) < 0, -1, 1)[:, None]
    return axes.astype(np.float32)


def _surface(problem: Problem, axes: Floats, places: Floats, share: float) -> Surface:
    low, high = places.min(axis=0), places.max(axis=0)
    room = 0.12 * (high - low) + 1e-3
    x, y = (np.linspace(low[i] - room[i], high[i] + room[i], GRID, dtype=np.float32) for i in (0, 1))
    # scores are linear in the weights, so two matrix products cover the whole plane
    along = [problem.inputs @ axis.reshape(-1, CLASSES) for axis in axes]
    rows = [_cross_entropy(along[0][:, None] * x[:, None] + along[1][:, None] * here, problem.labels) for here in y]
    return Surface(x, y, np.array(rows), share)
