"""Arrange test digits in a plane so that digits with similar activations in the last hidden layer are close.

t-SNE needs scikit-learn and therefore its own process: `python -m core.explain.projection FOLDER EPOCH DATASET`.
"""

import contextlib
import hashlib
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.array_types import Bytes, Floats
from core.data import datasets
from core.data.cache import cache_folder
from core.errors import DigitLabError, UnreadableRun
from core.explain.forward import outputs, table_of
from core.files import replacing
from core.places import place
from core.runs.folder import RunFolder
from core.runs.store import SHIPPED_DIR
from core.runs.weights import weights_of

DIGITS = 2_000
"""Test digits on a map: the first ones of the set."""

_ITERATIONS = 1_000
_BESIDE = 10
"""Extra directions in the subspace iteration, for fast convergence."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Activations of the last hidden layer, float32 (n, units), and predicted classes, uint8 (n,)."""

    values: Floats
    predicted: Bytes


def features(folder: RunFolder, epoch: int, images: Bytes) -> Features:
    """The features of images uint8 (n, *image_shape); raises UnreadableRun if the epoch has no weights."""
    *_, hidden, last = (row.layer.name for row in table_of(folder))
    values, predicted = [], []
    for batch in outputs(folder, epoch, images):
        values.append(batch[hidden])
        predicted.append(batch[last].argmax(axis=1).astype(np.uint8))
    return Features(np.concatenate(values), np.concatenate(predicted))


def pca(values: Floats) -> tuple[Floats, Floats]:
    """First two principal components of values (n, units): points (n, 2), and their shares of the variance (2,).

    By subspace iteration (Halko, Martinsson and Tropp, 2011), because a full decomposition would take a second.
    """
    centered = values - values.mean(axis=0)
    wanted = min(2 + _BESIDE, *centered.shape)
    basis = np.random.default_rng(0).standard_normal((centered.shape[1], wanted)).astype(np.float32)
    for _ in range(12):
        basis, _ = np.linalg.qr(centered.T @ (centered @ basis))
    inside = centered @ basis
    _, strengths, directions = np.linalg.svd(inside, full_matrices=False)
    # the sign of a direction is arbitrary; fixing it makes epochs comparable
    axes = basis @ directions[:2].T
    axes = axes * np.where(axes[np.abs(axes).argmax(axis=0), range(axes.shape[1])] < 0, -1, 1).astype(np.float32)
    points: Floats = (centered @ axes).astype(np.float32)
    shares: Floats = (strengths[:2] ** 2 / max(float((centered**2).sum()), 1e-12)).astype(np.float32)
    return points, shares


def tsne(values: Floats, report: Callable[[float], None]) -> Floats:
    """Points float32 (n, 2) by t-SNE (van der Maaten and Hinton, 2008); `report` receives the progress, 0 to 1."""
    # imported here because it takes 1.5 s and 156 MB, which no page should wait for
    from sklearn.manifold import TSNE  # type: ignore[import-untyped]

    perplexity = min(30.0, (len(values) - 1) / 3)
    method = TSNE(perplexity=perplexity, max_iter=_ITERATIONS, init="pca", random_state=0, verbose=2)
    with contextlib.redirect_stdout(_Iterations(report)):
        points: Floats = method.fit_transform(values).astype(np.float32)
    return points


class _Iterations(io.TextIOBase):
    """Parses the progress from scikit-learn's output."""

    def __init__(self, report: Callable[[float], None]) -> None:
        self._report = report

    def write(self, text: str) -> int:
        if found := re.search(r"Iteration (\d+)", text):
            self._report(min(int(found[1]) / _ITERATIONS, 1.0))
        return len(text)


def projection_path(folder: RunFolder, epoch: int) -> Path:
    """Path of an epoch's map: in the run's folder, or in the cache if that is read-only."""
    name = f"epoch-{epoch:04d}.npz"
    if folder.path.resolve().parent == SHIPPED_DIR or not os.access(folder.path, os.W_OK):
        return cache_folder() / "projections" / folder.id / name
    return folder.path / "projections" / name


def read_points(folder: RunFolder, epoch: int, dataset: datasets.Dataset) -> Floats | None:
    """The stored map, float32 (n, 2); None if there is none for these weights and digits."""
    path = projection_path(folder, epoch)
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            points: Floats = file["tsne"]
            made_of = str(file["made_of"])
    except Exception:  # zip, zlib and NumPy raise a dozen different errors for a damaged file
        return None
    count = min(DIGITS, len(dataset.test_labels))
    whole = points.shape == (count, 2) and points.dtype == np.float32 and bool(np.isfinite(points).all())
    return points if whole and made_of == _made_of(folder, epoch, dataset) else None


def write_points(folder: RunFolder, epoch: int, dataset: datasets.Dataset, points: Floats) -> None:
    """Store a map; raises OSError."""
    path = projection_path(folder, epoch)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as draft:
        np.savez(draft, tsne=points, made_of=np.array(_made_of(folder, epoch, dataset)))


def _made_of(folder: RunFolder, epoch: int, dataset: datasets.Dataset) -> str:
    """Identifies the weights and digits of a map, because a resumed run may rewrite an epoch."""
    try:
        with weights_of(folder, epoch).open("rb") as file:
            weights = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise UnreadableRun("runs.file_damaged", file=folder.weights(epoch).name) from None
    return f"{weights} {dataset.digest}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute and store the map of a run's epoch, printing progress from 0 to 1; returns 2 on failure."""
    folder_name, epoch_name, data_name = sys.argv[1:] if arguments is None else arguments
    folder, epoch = RunFolder(place(folder_name)), int(epoch_name)
    try:
        dataset = datasets.load(data_name)
        found = features(folder, epoch, dataset.test_images[:DIGITS])
        out = sys.stdout
        write_points(folder, epoch, dataset, tsne(found.values, lambda share: print(share, file=out, flush=True)))
    except (DigitLabError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
