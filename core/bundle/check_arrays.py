"""Checks the arrays in a stranger's file: types and shapes before any is loaded, then the numbers."""

import zipfile
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from core.config.layer import Shape
from core.config.layers import NOT_TRAINED
from core.config.run import RunConfig
from core.errors import UnreadableRun
from core.inference.familiarity import FILE, Familiarity
from core.runs.cross_validation import FILE as CROSS_VALIDATION
from core.runs.cross_validation import read_out_of_sample
from core.runs.first_updates import UPDATES, Steps, has_steps, read_steps, steps_file
from core.runs.folder import RunFolder
from core.runs.predictions import images_in, parts, read_labels, read_log_probabilities

_MOST_BYTES = 4_000_000
"""Of all arrays of one file; the predictions of thirty thousand digits take a sixth of it."""

_MOST_ARRAYS = 32
_LONGEST_HEADER = 1_000
_KINDS = "uifU"

_OFF = 0.05
"""How far the sum of a digit's probabilities may be from 1: they are stored as rounded logarithms."""

_SLOTS: dict[str, set[str]] = {
    "rmsprop": {"velocity"},
    "adam": {"momentum", "velocity"},
    "adamw": {"momentum", "velocity"},
    "sgd": set(),
    "nadam": set(),
    "adagrad": set(),
    "adadelta": set(),
}
"""The state of a weight from which the lesson computes each optimizer's update; it computes none for the last three."""


def check_labels(folder: RunFolder, config: RunConfig) -> None:
    """The true classes, if the run brings them, cover all its digits; raises UnreadableRun."""
    if not folder.labels.is_file():
        return
    expected = {part: (np.dtype(np.uint8), (images_in(config, part),)) for part in parts(config)}
    if _headers(folder.labels) != expected:
        raise UnreadableRun("bundles.bad_arrays", file=folder.labels.name)
    for part in parts(config):
        read_labels(folder, config, part)


def check_predictions(folder: RunFolder, config: RunConfig, epoch: int) -> None:
    """The predictions after an epoch are probabilities for all its digits; raises UnreadableRun."""
    path = folder.predictions(epoch)
    name = f"{path.parent.name}/{path.name}"
    classes = len(config.data.classes)
    expected = {part: (np.dtype(np.float16), (images_in(config, part), classes)) for part in parts(config)}
    if epoch > config.epochs:
        raise UnreadableRun("bundles.other_epoch", file=name)
    if _headers(path) != expected:
        raise UnreadableRun("bundles.bad_arrays", file=name)
    for part in parts(config):
        sums = np.exp(read_log_probabilities(folder, config, epoch, part)).sum(axis=1)
        if not np.allclose(sums, 1, atol=_OFF):
            raise UnreadableRun("bundles.bad_arrays", file=name)


def check_steps(folder: RunFolder, config: RunConfig) -> None:
    """The first updates, if the run has them, fit its images and weights; raises UnreadableRun."""
    if not has_steps(folder):
        return
    name = steps_file(folder).name
    _headers(steps_file(folder))
    steps = read_steps(folder)
    if not _fits(steps, config):
        raise UnreadableRun("bundles.bad_arrays", file=name)


def check_familiarity(folder: RunFolder, config: RunConfig) -> None:
    """The network that recognizes drawings of digits, if the run has it, gives an answer; raises UnreadableRun."""
    path = folder.path / FILE
    if not path.is_file():
        return
    _headers(path)
    table = config.layer_table
    blank = {row.layer.name: np.zeros(row.output_shape, np.float32) for row in table}
    try:
        found = Familiarity.load(folder)
        sound = (
            found is not None and 0 <= found.epoch <= config.epochs and all(map(np.isfinite, found.thresholds.values()))
        )
        # arrays that do not fit each other or the network fail here rather than on a page
        image = np.zeros(config.data.image_shape, np.float32)
        sound = sound and config.data.takes_drawings and found is not None and np.isfinite(found.score(image, blank))
    except UnreadableRun:
        raise
    except Exception:
        sound = False
    if not sound:
        raise UnreadableRun("bundles.bad_arrays", file=FILE)


def check_cross_validation(folder: RunFolder, config: RunConfig) -> None:
    """The predictions of the training digits, if the run has them, are probabilities for all; raises UnreadableRun."""
    path, count = folder.path / CROSS_VALIDATION, config.training_images
    if not path.is_file():
        return
    numbers = dict.fromkeys(("folds", "epochs"), (np.dtype(np.int32), ()))
    logs = np.dtype(np.float16), (count, len(config.data.classes))
    arrays = {"log_probabilities": logs, "labels": (np.dtype(np.uint8), (count,))}
    if _headers(path) != {**arrays, **numbers}:
        raise UnreadableRun("bundles.bad_arrays", file=path.name)
    found = read_out_of_sample(path, config)
    sums = np.exp(found.answers.log_probabilities).sum(axis=1)
    if not np.allclose(sums, 1, atol=_OFF) or min(found.folds, found.epochs) < 1:
        raise UnreadableRun("bundles.bad_arrays", file=path.name)


def _fits(steps: Steps, config: RunConfig) -> bool:
    shapes = dict(_watchable(config))
    slots = set(steps.slots)
    kinds: tuple[tuple[np.ndarray[Any, Any], str], ...] = (
        *((each, "f") for each in (steps.loss, steps.before, steps.after, steps.rates, steps.weights)),
        *((each, "f") for each in (steps.gradients, steps.states)),
        *((each, "i") for each in (steps.sizes, steps.places)),
        (steps.labels, "u"),
    )
    return (
        len(steps) <= UPDATES
        and all(array.dtype.kind == kind for array, kind in kinds)
        and steps.labels.size > 0
        and int(steps.labels.max()) < len(config.data.classes)
        and steps.images.shape[2:] == config.data.image_shape
        and 0 <= int(steps.places.min()) <= int(steps.places.max()) < config.training_images
        and 1 <= int(steps.sizes.min()) <= int(steps.sizes.max()) <= config.batch_size
        and _SLOTS[config.optimizer] <= slots <= {"momentum", "velocity"}
        and len(slots) == len(steps.slots)
        # a mean of squares, whose square root is used
        and not any((steps.states[:, place] < 0).any() for place, slot in enumerate(steps.slots) if slot == "velocity")
        and all(_is_in(each.index, shapes.get((each.layer, each.variable), ())) for each in steps.watched)
    )


def _watchable(config: RunConfig) -> Iterator[tuple[tuple[str, str], Shape]]:
    """Each trainable variable: its layer's name and its own, and its shape."""
    for row in config.layer_table:
        for variable, shape in row.weights.items():
            if variable not in NOT_TRAINED:
                yield (row.layer.name, variable), shape


def _is_in(index: Shape, shape: Shape) -> bool:
    return 0 < len(index) == len(shape) and all(0 <= i < side for i, side in zip(index, shape, strict=True))


def _headers(path: Path) -> Mapping[str, tuple[np.dtype, Shape]]:
    """Type and shape of each array of plain numbers or short texts, which together have at most _MOST_BYTES.

    A header can claim a trillion numbers, and NumPy would allocate them; here the claim must match the file. Raises
    UnreadableRun.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_ARRAYS or sum(entry.file_size for entry in entries) > _MOST_BYTES:
                raise ValueError("it is too large")
            found = {entry.orig_filename: _header(archive, entry) for entry in entries}
    except Exception:  # zip, NumPy and Python's own parser report a damaged file in any of a dozen ways
        raise UnreadableRun("runs.file_damaged", file=path.name) from None
    if len(found) < len(entries):
        raise UnreadableRun("runs.file_damaged", file=path.name)
    return {name.removesuffix(".npy"): header for name, header in found.items()}


def _header(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[np.dtype, Shape]:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or not entry.filename.endswith(".npy"):
        raise ValueError("NumPy does not pack like this")
    with archive.open(entry) as file:
        if npy.read_magic(file) != (1, 0):
            raise ValueError("no run has this version")
        shape, _, kind = npy.read_array_header_1_0(file, max_header_size=_LONGEST_HEADER)
        rest = entry.file_size - file.tell()
        # the size in the zip's list may differ from what comes out
        whole = len(file.read(rest + 1)) == rest
    if kind.kind not in _KINDS or kind.itemsize > 400 or kind.itemsize * prod(shape) != rest or not whole:
        raise ValueError("the header does not match the content")
    return kind, shape
