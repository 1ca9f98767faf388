"""The mean digit of each class, and how far each digit is from its own."""

import numpy as np
from numpy.typing import NDArray

from core.config.network import CLASSES
from core.data.arrays import Bytes

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

_AT_ONCE = 2_000


def class_means(images: Bytes, labels: Bytes) -> Floats:
    """Of images uint8 (n, 28, 28), float32 (10, 28, 28) in 0..1; a class without digits is all paper."""
    sums = np.zeros((CLASSES, *images.shape[1:]))
    for first in range(0, len(labels), _AT_ONCE):
        part, own = images[first : first + _AT_ONCE], labels[first : first + _AT_ONCE]
        for digit in np.unique(own):
            sums[digit] += part[own == digit].sum(axis=0, dtype=np.uint32)
    counts = np.bincount(labels, minlength=CLASSES)[:, None, None]
    means: Floats = (sums / np.maximum(counts, 1) / 255).astype(np.float32)
    return means


def distances(images: Bytes, labels: Bytes, means: Floats) -> Floats:
    """Of each digit from the mean of its class, pixel by pixel (Euclidean, ink in 0..1), float32 (n,)."""
    found = np.empty(len(labels), np.float32)
    for first in range(0, len(labels), _AT_ONCE):
        until = first + _AT_ONCE
        away = images[first:until].astype(np.float32) / np.float32(255) - means[labels[first:until]]
        found[first:until] = np.sqrt(np.einsum("nij,nij->n", away, away))
    return found


def nearest_and_farthest(far: Floats, labels: Bytes, digit: int, count: int) -> tuple[Indices, Indices]:
    """The indices of a class's digits nearest to its mean, nearest first, and of the farthest, farthest first."""
    own = np.flatnonzero(labels == digit)
    ordered = own[np.argsort(far[own], kind="stable")]
    return ordered[:count], ordered[::-1][:count]
