"""What a model is evaluated on, and the status of the run that it becomes."""

from collections.abc import Callable, Mapping

import numpy as np

from core.array_types import Bytes, Floats
from core.config.layer import Shape
from core.data.datasets import Dataset
from core.models.input_forms import TRIED
from core.runs.predictions import Part, images_of, labels_of
from core.runs.status import Status

STEP = 1_000
"""Images between two reports of progress."""
TRYING, EVALUATED = 0.2, 0.9
"""The shares of the work that are done then."""

Report = Callable[[float], None]


def tried(data: Dataset, shape: Shape) -> tuple[Bytes, Bytes]:
    """Training images uint8 (n, height, width, channels) and labels to try with, spread over the whole set."""
    places = np.unique(np.linspace(0, len(data.train_labels) - 1, TRIED).round().astype(int))
    return np.asarray(data.train_images[places]).reshape(-1, *shape), np.asarray(data.train_labels[places])


def labels_by_part(data: Dataset, parts: tuple[Part, ...]) -> dict[str, Bytes]:
    """The true classes of each part."""
    return {part: labels_of(data, part) for part in parts}


def answers_by_part(
    answer: Callable[[Bytes], Floats], data: Dataset, parts: tuple[Part, ...], report: Report
) -> dict[str, Floats]:
    """Log-probabilities float32 (n, classes) of each part, with progress; `answer` gets some of the stored images."""
    images = {part: images_of(data, part) for part in parts}
    total, done, found = sum(map(len, images.values())), 0, dict[str, Floats]()
    for part, of_part in images.items():
        pieces = []
        for at in range(0, len(of_part), STEP):
            pieces.append(answer(of_part[at : at + STEP]))
            done += len(pieces[-1])
            report(TRYING + (EVALUATED - TRYING) * done / total)
        found[part] = np.concatenate(pieces)
    return found


def finished(answers: Mapping[str, Floats], labels: Mapping[str, Bytes]) -> Status:
    """The status of an evaluated model: mean cross-entropy and accuracy of its test answers."""
    logs, true = answers["test"], labels["test"]
    loss = -float(np.take_along_axis(logs, true[:, None].astype(int), axis=1).mean())
    accuracy = float((logs.argmax(axis=1) == true).mean())
    return Status(
        state="finished",
        epoch=1,
        best_epoch=1,
        test_loss=loss,
        test_accuracy=accuracy,
        last_test_loss=loss,
        last_test_accuracy=accuracy,
    )
