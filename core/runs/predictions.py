"""The predictions that a run stores for every epoch, read without running a network."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from core.analysis.answers import Answers
from core.analysis.history import History
from core.array_types import Bytes, Floats
from core.config.run import RunConfig
from core.data.datasets import TEST_DIGITS_OF, Dataset, split
from core.errors import UnreadableRun
from core.files import replacing
from core.runs.epochs import nearest_epoch
from core.runs.folder import RunFolder
from core.runs.manifest import Manifest
from core.runs.status import Status

Part = Literal["test", "validation"]
"""The digits of the predictions: the test set, or those held out of the training images."""

PARTS: tuple[Part, ...] = get_args(Part)


def parts(config: RunConfig) -> tuple[Part, ...]:
    """The parts that a run of this config predicts."""
    return PARTS if config.validation == "last-20" else ("test",)


def images_in(config: RunConfig, part: Part) -> int:
    """The number of images in a part."""
    return config.validation_images if part == "validation" else config.data.test


def dataset_of(config: RunConfig, part: Part) -> str:
    """The name of the data set that holds a part's images: some data sets use the test digits of another."""
    return TEST_DIGITS_OF.get(config.dataset, config.dataset) if part == "test" else config.dataset


def images_of(dataset: Dataset, part: Part) -> Bytes:
    """The images of a part, uint8 (n, *image_shape), in the order of its predictions; a view."""
    return dataset.test_images if part == "test" else split(dataset, "last-20").validation_images


def labels_of(dataset: Dataset, part: Part) -> Bytes:
    """The labels of a part, uint8 (n,); a view."""
    return dataset.test_labels if part == "test" else split(dataset, "last-20").validation_labels


def same_digits(first: Manifest, second: Manifest, part: Part) -> bool:
    """Whether two runs predict the same images in the same order, so that they can be compared one by one."""
    return first.data_digest == second.data_digest and all(part in parts(run.config) for run in (first, second))


def predicted_epochs(folder: RunFolder) -> tuple[int, ...]:
    """The epochs with predictions, ascending; 0 is the untrained network."""
    return folder.epochs("predictions/epoch-*.npz")


def kept_epoch(folder: RunFolder, status: Status) -> int | None:
    """The epoch to judge a run by: the one with predictions nearest to its best, else the last; None without any."""
    epochs = predicted_epochs(folder)
    return nearest_epoch("best", epochs, status.best_epoch)[0] if epochs else None


def read_answers(folder: RunFolder, config: RunConfig, epoch: int, part: Part, data: Dataset | None = None) -> Answers:
    """A run's predictions for a part after an epoch; `data` as for `read_labels`.

    Raises UnreadableRun where predictions or labels are missing or damaged.
    """
    return Answers(read_log_probabilities(folder, config, epoch, part), read_labels(folder, config, part, data))


def read_log_probabilities(folder: RunFolder, config: RunConfig, epoch: int, part: Part) -> Floats:
    """Natural logarithms of the class probabilities, float32 (n, classes); raises UnreadableRun."""
    path = folder.predictions(epoch)
    stored = _read(path.relative_to(folder.path).as_posix(), folder, part)
    fits = stored.shape == (images_in(config, part), len(config.data.classes)) and stored.dtype == np.float16
    # rounded to float16, the logarithm of a probability may exceed 0 by one last place
    if not fits or np.isnan(stored).any() or stored.max() >= 0.01:
        raise UnreadableRun("runs.file_damaged", file=path.name)
    return stored.astype(np.float32)


def read_history(
    folder: RunFolder, config: RunConfig, epochs: Sequence[int], part: Part, data: Dataset | None = None
) -> History:
    """The predicted classes after each of these epochs, without damaged ones; `data` as for `read_labels`.

    Raises UnreadableRun where all epochs are damaged, or the labels are.
    """
    labels = read_labels(folder, config, part, data)
    found = {}
    for epoch in epochs:
        with contextlib.suppress(UnreadableRun):
            found[epoch] = read_log_probabilities(folder, config, epoch, part).argmax(axis=1).astype(np.uint8)
    if not found:
        raise UnreadableRun("runs.file_missing", file="predictions")
    return History(tuple(found), np.stack(list(found.values())), labels, len(config.data.classes))


def read_course(
    folder: RunFolder, config: RunConfig, epochs: Sequence[int], part: Part, *, at_most: int = 40
) -> tuple[tuple[int, ...], NDArray[np.float16]]:
    """At most `at_most` of these epochs, including the first and the last, and their log-probabilities.

    float16 (epochs, n, classes), as stored. Raises UnreadableRun where one of them is damaged.
    """
    spread = np.linspace(0, len(epochs) - 1, min(at_most, len(epochs))).round().astype(int)
    chosen = tuple(epochs[i] for i in dict.fromkeys(spread))
    stored = [read_log_probabilities(folder, config, epoch, part).astype(np.float16) for epoch in chosen]
    return chosen, np.stack(stored)


def read_labels(folder: RunFolder, config: RunConfig, part: Part, data: Dataset | None = None) -> Bytes:
    """The true classes of a part, uint8 (n,), from the run; from `data` for runs of versions that stored none.

    Raises UnreadableRun where they are damaged, or missing without `data`.
    """
    if data is not None and not folder.labels.exists():
        return labels_of(data, part)
    labels = _read("labels.npz", folder, part)
    fits = labels.shape == (images_in(config, part),) and labels.dtype == np.uint8
    if not fits or labels.max() >= len(config.data.classes):
        raise UnreadableRun("runs.file_damaged", file="labels.npz")
    return labels


def compact(log_probabilities: np.ndarray) -> np.ndarray:
    """Log-probabilities as float16, with the same most probable class in every row.

    Where rounding makes two classes equal, the more probable one is raised by one step.
    """
    small: np.ndarray = np.maximum(log_probabilities, np.finfo(np.float16).min).astype(np.float16)
    winner = log_probabilities.argmax(axis=1)
    rows = np.flatnonzero(small.argmax(axis=1) != winner)
    small[rows, winner[rows]] = np.nextafter(small[rows, winner[rows]], np.float16(np.inf))
    return small


def write_answers(
    folder: RunFolder, epoch: int, log_probabilities: Mapping[str, Floats], labels: Mapping[str, Bytes]
) -> None:
    """Write the predictions after an epoch and the true classes of each part; raises OSError."""
    folder.predictions(epoch).parent.mkdir(exist_ok=True)
    compacted = {part: compact(values) for part, values in log_probabilities.items()}
    for path, arrays in ((folder.predictions(epoch), compacted), (folder.labels, labels)):
        with replacing(path) as draft:
            np.savez_compressed(draft, allow_pickle=False, **arrays)


def _read(name: str, folder: RunFolder, part: Part) -> np.ndarray:
    try:
        # opened here, since NumPy does not close a file that it cannot read
        with (folder.path / name).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            array: np.ndarray = file[part]
            return array
    except FileNotFoundError:
        raise UnreadableRun("runs.file_missing", file=name) from None
    except Exception:  # zip, zlib and NumPy raise many kinds of errors for damaged files
        raise UnreadableRun("runs.file_damaged", file=name) from None
