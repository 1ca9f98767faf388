"""Images that are empty, the same or nearly the same: within a part, and worse, in training and test."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.array_types import Bytes, Floats, Indices
from core.data.arrays import Arrays
from core.data.checks.finding import MOST_EXAMPLES, Finding, Level, PartName
from core.data.readers.source import rows_per_piece
from core.text import Message

CORRELATION = 0.99
"""Two images whose pixels correlate this much are nearly the same: saved again, brightened, or a little cut."""
_BLANK = 8
"""The brightest and the darkest pixel of an empty image differ by less."""
_AT_A_TIME = 2_048
_CELLS = 8
_DIRECTIONS = 12
_APART = 0.08
"""The distance of small versions of nearly the same images, each with mean 0 and length 1."""
_NEIGHBORS = 3
MOST_COMPARED = {"train": 100_000, "test": 20_000}
"""Images of each part that are compared for being nearly the same."""


class _Twins(NamedTuple):
    """Pairs of images, as positions in both parts together, the training images first."""

    first: Indices
    second: Indices


def likeness(arrays: Arrays, report: Callable[[float], None]) -> list[Finding]:
    """Findings on empty and repeated images; `report` is called with the share that is done."""
    labels = np.concatenate([arrays.train_labels, arrays.test_labels])
    digests, blank = _measured(arrays, lambda share: report(0.6 * share))
    found = []
    if blank.any():
        count, examples = int(blank.sum()), _places(np.flatnonzero(blank), len(arrays.train_labels))
        found.append(Finding(Message(f"data_checks.{_form('blank', count)}", count=count), "problem", examples))
    same = _same(digests, ~blank)
    found += _told("same", same, arrays, labels)
    report(0.7)
    near, compared = _near(arrays, digests, blank)
    found += _told("near", near, arrays, labels)
    if any(len(some) > MOST_COMPARED[part] for part, some in _parts(arrays)):
        found.append(Finding(Message("data_checks.compared", count=compared, all=len(labels))))
    report(1.0)
    return found


def _told(kind: str, twins: _Twins, arrays: Arrays, labels: Bytes) -> list[Finding]:
    """Pairs in both parts, within each part, and with different labels."""
    cut = len(arrays.train_labels)
    # the first of two is never behind the second
    across = (twins.first < cut) & (twins.second >= cut)
    within = {"train": twins.second < cut, "test": twins.first >= cut}
    differ = labels[twins.first] != labels[twins.second]
    found = []
    if across.any():
        count = len(np.unique(twins.second[across]))
        told = {"count": count, "share": round(100 * count / len(arrays.test_labels), 2)}
        found.append(_finding(f"{kind}_across", told, twins, across, cut, "problem"))
    for part, mask in within.items():
        if mask.any():
            told = {"count": len(np.unique(twins.second[mask]))}
            found.append(_finding(f"{kind}_{part}", told, twins, mask, cut, "note"))
    if differ.any():
        told = {"count": len(np.unique(twins.second[differ]))}
        found.append(_finding(f"{kind}_differ", told, twins, differ, cut, "problem"))
    return found


def _finding(
    name: str, told: dict[str, int | float], twins: _Twins, mask: NDArray[np.bool_], cut: int, level: Level
) -> Finding:
    chosen = np.flatnonzero(mask)[: MOST_EXAMPLES // 2]
    pairs = np.stack([twins.first[chosen], twins.second[chosen]], axis=1).ravel()
    return Finding(
        Message(f"data_checks.{_form(name, told['count'])}", **told), level, _places(pairs, cut), paired=True
    )


def _form(name: str, count: float) -> str:
    return f"{name}_one" if count == 1 else name


def _places(positions: Indices, cut: int) -> tuple[tuple[PartName, int], ...]:
    return tuple(
        ("train", int(at)) if at < cut else ("test", int(at) - cut) for at in positions[:MOST_EXAMPLES].tolist()
    )


def _measured(arrays: Arrays, report: Callable[[float], None]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """A hash of each image's pixels, which other processes do not share, and whether it is empty."""
    total = len(arrays.train_labels) + len(arrays.test_labels)
    digests, blank, done = np.empty(total, np.int64), np.empty(total, bool), 0
    for images in (arrays.train_images, arrays.test_images):
        for start in range(0, len(images), _AT_A_TIME):
            flat = np.ascontiguousarray(images[start : start + _AT_A_TIME]).reshape(-1, images[0].size)
            stop = done + len(flat)
            blank[done:stop] = flat.max(axis=1).astype(int) - flat.min(axis=1) < _BLANK
            # seeded at random, so nobody can make two images that only seem to be the same
            digests[done:stop] = [hash(row.tobytes()) for row in flat]
            done = stop
            report(done / total)
    return digests, blank


def _same(digests: NDArray[np.int64], usable: NDArray[np.bool_]) -> _Twins:
    """Each image that repeats an earlier one, with the first of its kind."""
    places = np.flatnonzero(usable)
    _, first, inverse = np.unique(digests[places], return_index=True, return_inverse=True)
    origin = first[inverse]
    repeated = np.flatnonzero(origin != np.arange(len(places)))
    return _Twins(places[origin[repeated]], places[repeated])


def _near(arrays: Arrays, digests: NDArray[np.int64], blank: NDArray[np.bool_]) -> tuple[_Twins, int]:
    """Images that nearly repeat one of their nearest neighbors, and how many were compared."""
    # imported here, since it takes longer than everything else
    from scipy.spatial import cKDTree

    cut = len(arrays.train_labels)
    _, firsts = np.unique(digests, return_index=True)
    usable = np.zeros(len(digests), bool)
    usable[firsts] = True
    usable &= ~blank
    places = np.concatenate([_some(usable[:cut], "train"), cut + _some(usable[cut:], "test")])
    if len(places) < 2:
        return _Twins(places[:0], places[:0]), len(places)
    small = _small(arrays, places)
    _, directions = np.linalg.eigh(np.cov(small[:: max(1, len(small) // 5_000)], rowvar=False))
    reduced = np.ascontiguousarray(small @ directions[:, -_DIRECTIONS:].astype(np.float32))
    tree = cKDTree(reduced)
    neighbors = min(_NEIGHBORS, len(places))
    apart, nearest = tree.query(reduced, k=neighbors, distance_upper_bound=_APART, workers=-1)
    one, other = np.nonzero(np.isfinite(apart) & (nearest != np.arange(len(places))[:, None]))
    pairs = np.sort(np.stack([one, nearest[one, other]], axis=1), axis=1)
    pairs = places[np.unique(pairs, axis=0)] if len(pairs) else pairs
    kept = np.array([_alike(arrays, int(a), int(b)) for a, b in pairs], bool)
    pairs = pairs[kept] if len(pairs) else pairs.reshape(0, 2)
    return _Twins(pairs[:, 0], pairs[:, 1]), len(places)


def _parts(arrays: Arrays) -> tuple[tuple[PartName, Bytes], ...]:
    return ("train", arrays.train_labels), ("test", arrays.test_labels)


def _some(usable: NDArray[np.bool_], part: PartName) -> Indices:
    """The places to compare; in a large part, evenly spaced ones."""
    places = np.flatnonzero(usable)
    most = MOST_COMPARED[part]
    return places if len(places) <= most else places[np.linspace(0, len(places) - 1, most).astype(int)]


def _small(arrays: Arrays, places: Indices) -> Floats:
    """Small versions (n, 64) of images, each with mean 0 and length 1, so that brightness does not matter."""
    cut = len(arrays.train_labels)
    result = np.empty((len(places), _CELLS * _CELLS), np.float32)
    height, width, *channels = arrays.train_images.shape[1:]
    rows = [(height * row + _CELLS - 1) // _CELLS for row in range(_CELLS + 1)]
    sums = _column_sums(width, math.prod(channels))
    together = rows_per_piece(4 * height * len(sums))
    for start in range(0, len(places), together):
        some = places[start : start + together]
        images = np.concatenate([arrays.train_images[some[some < cut]], arrays.test_images[some[some >= cut] - cut]])
        lines = images.reshape(len(some), height, -1)
        # sixteen bits hold the sum of all the rows of a cell
        means = [lines[:, top:end].sum(axis=1, dtype=np.uint16) @ sums / (end - top) for top, end in pairwise(rows)]
        result[start : start + len(some)] = np.concatenate(means, axis=1)
    result -= result.mean(axis=1, keepdims=True)
    result /= np.maximum(np.linalg.norm(result, axis=1, keepdims=True), 1e-6)
    return result


def _column_sums(width: int, channels: int) -> Floats:
    """A matrix that makes of a row of pixels the mean of each of 8 cells."""
    cell = np.repeat(np.arange(width) * _CELLS // width, channels)
    sums = np.zeros((len(cell), _CELLS), np.float32)
    sums[np.arange(len(cell)), cell] = 1
    means: Floats = sums / sums.sum(axis=0)
    return means


def _alike(arrays: Arrays, one: int, other: int) -> bool:
    a, b = (_pixels(arrays, place) for place in (one, other))
    a, b = a - a.mean(), b - b.mean()
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return size > 0 and float(a @ b) / size >= CORRELATION


def _pixels(arrays: Arrays, place: int) -> Floats:
    cut = len(arrays.train_labels)
    image = arrays.train_images[place] if place < cut else arrays.test_images[place - cut]
    pixels: Floats = image.ravel().astype(np.float32)
    return pixels
