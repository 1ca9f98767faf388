"""The mean image of each class, and each image's distance from it."""

import numpy as np

from core.array_types import Bytes, Floats, Indices

_AT_ONCE = 2_000


def class_means(images: Bytes, labels: Bytes, classes: int) -> Floats:
    """Mean images float32 (classes, ...) in 0..1 from images uint8 (n, ...); all 0 for a class without images."""
    sums = np.zeros((classes, *images.shape[1:]))
    for first in range(0, len(labels), _AT_ONCE):
        part, own = images[first : first + _AT_ONCE], labels[first : first + _AT_ONCE]
        for label in np.unique(own):
            sums[label] += part[own == label].sum(axis=0, dtype=np.uint32)
    counts = np.bincount(labels, minlength=classes).reshape(-1, *(1 for _ in images.shape[1:]))
    return (sums / np.maximum(counts, 1) / 255).astype(np.float32)


def distances(images: Bytes, labels: Bytes, means: Floats) -> Floats:
    """Euclidean distance of each image, as pixels in 0..1, from the mean of its class, float32 (n,)."""
    found = np.empty(len(labels), np.float32)
    for first in range(0, len(labels), _AT_ONCE):
        until = first + _AT_ONCE
        away = images[first:until].astype(np.float32) / np.float32(255) - means[labels[first:until]]
        away = away.reshape(len(away), -1)
        found[first:until] = np.sqrt(np.einsum("ni,ni->n", away, away))
    return found


def nearest_and_farthest(far: Floats, labels: Bytes, label: int, count: int) -> tuple[Indices, Indices]:
    """Indices of the class's images nearest to its mean, nearest first, and of the farthest, farthest first."""
    own = np.flatnonzero(labels == label)
    ordered = own[np.argsort(far[own], kind="stable")]
    return ordered[:count], ordered[::-1][:count]
