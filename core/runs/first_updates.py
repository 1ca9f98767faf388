"""The first weight updates of a run in slow motion, which the worker writes to `steps.npz`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.array_types import Bytes, Counts, Floats
from core.errors import UnreadableRun
from core.files import replacing
from core.runs.folder import RunFolder

UPDATES = 5
IMAGES = 24
"""The most images kept of a batch: its first ones."""

_FILE = "steps.npz"


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """A recorded weight: the layer's name, the variable's, such as `kernel` or `bias`, and the index in it."""

    layer: str
    variable: str
    index: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """The first n updates, with k recorded weights."""

    loss: Floats
    """(n,) the batch's loss in training, so with dropout where the network has it."""
    before: Floats
    """(n,) the batch's loss without dropout, with the weights before the update."""
    after: Floats
    """(n,) the batch's loss without dropout, with the weights after the update."""
    sizes: Counts
    """(n,) the number of images in the batch."""
    places: NDArray[np.int32]
    """(n, up to IMAGES) indices of the batch's first images among the training images."""
    images: Bytes
    """(n, up to IMAGES, ...) these images as augmented; (n, 0, ...) in a run without augmentation."""
    labels: Bytes
    """(n, up to IMAGES)"""
    rates: Floats
    """(n,) learning rates."""
    watched: tuple[Watched, ...]
    weights: Floats
    """(n + 1, k) before the first update and after each."""
    gradients: Floats
    """(n, k)"""
    slots: tuple[str, ...]
    """The names of the optimizer's state of a weight: `momentum`, `velocity`."""
    states: Floats
    """(n + 1, slots, k) before the first update and after each."""

    def __len__(self) -> int:
        return len(self.loss)


def steps_file(folder: RunFolder) -> Path:
    """The file with a run's first updates."""
    return folder.path / _FILE


def has_steps(folder: RunFolder) -> bool:
    """Whether a run recorded its first updates."""
    return steps_file(folder).is_file()


def write_steps(folder: RunFolder, steps: Steps) -> None:
    """Write a run's first updates; raises OSError."""
    arrays = {name: getattr(steps, name) for name in Steps.__slots__ if name not in ("watched", "slots")}
    index = np.full((len(steps.watched), 4), -1, np.int32)
    for place, weight in enumerate(steps.watched):
        index[place, : len(weight.index)] = weight.index
    with replacing(steps_file(folder)) as draft, draft.open("wb") as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            **arrays,
            layers=np.array([weight.layer for weight in steps.watched], str),
            variables=np.array([weight.variable for weight in steps.watched], str),
            index=index,
            slots=np.array(steps.slots, str),
        )


def read_steps(folder: RunFolder) -> Steps:
    """A run's first updates; raises UnreadableRun where they are missing or damaged."""
    path = steps_file(folder)
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            kept = {name: file[name] for name in file.files}
        layers, variables, index = kept.pop("layers"), kept.pop("variables"), kept.pop("index")
        watched = tuple(
            Watched(str(layer), str(variable), tuple(int(i) for i in place if i >= 0))
            for layer, variable, place in zip(layers, variables, index, strict=True)
        )
        steps = Steps(watched=watched, slots=tuple(map(str, kept.pop("slots"))), **kept)
        whole = _is_whole(steps)
    except FileNotFoundError:
        raise UnreadableRun("runs.file_missing", file=_FILE) from None
    except Exception:  # NumPy raises many kinds of errors for damaged files
        whole = False
    if not whole:
        raise UnreadableRun("runs.file_damaged", file=_FILE)
    return steps


def _is_whole(steps: Steps) -> bool:
    n, k, shown = len(steps.loss), len(steps.watched), steps.labels.shape[1]
    shapes: list[tuple[NDArray[Any], tuple[int, ...]]] = [
        (steps.before, (n,)),
        (steps.after, (n,)),
        (steps.sizes, (n,)),
        (steps.rates, (n,)),
        (steps.places, (n, shown)),
        (steps.labels, (n, shown)),
        (steps.weights, (n + 1, k)),
        (steps.gradients, (n, k)),
        (steps.states, (n + 1, len(steps.slots), k)),
    ]
    fits = all(array.shape == shape for array, shape in shapes)
    fits = fits and steps.images.ndim in (4, 5) and steps.images.shape[:2] == (n, shown if steps.images.size else 0)
    return n > 0 and k > 0 and fits and steps.images.dtype == np.uint8 and bool(np.isfinite(steps.weights).all())
