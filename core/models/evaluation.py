"""What a model is evaluated on, and the status of the run that it becomes."""

from collections.abc import Callable, Collection, Mapping

import numpy as np

from core.array_types import Bytes, Floats
from core.config.layer import Shape
from core.data.datasets import Dataset
from core.models.input_forms import TRIED
from core.runs.curves import CurveReader, best_epoch
from core.runs.folder import EPOCH_COLUMNS, RunFolder
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


Outcome = tuple[float, float]
"""Mean cross-entropy and accuracy."""


def outcome(answers: Mapping[str, Floats], labels: Mapping[str, Bytes]) -> Outcome:
    """Of the test images."""
    logs, true = answers["test"], labels["test"]
    loss = -float(np.take_along_axis(logs, true[:, None].astype(int), axis=1).mean())
    return loss, float((logs.argmax(axis=1) == true).mean())


def finished(outcomes: Mapping[int, Outcome], epochs: int, best: int) -> Status:
    """The status of a training of this many epochs, some of which were evaluated; the best is one of these."""
    last = outcomes.get(epochs, (None, None))
    return Status(
        state="finished",
        epoch=epochs,
        best_epoch=best,
        test_loss=outcomes[best][0],
        test_accuracy=outcomes[best][1],
        last_test_loss=last[0],
        last_test_accuracy=last[1],
    )


def best_of(folder: RunFolder, evaluated: Collection[int]) -> int:
    """The epoch to keep, by the run's curves: of those that are evaluated, since only they have answers."""
    rows = CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read()
    return best_epoch(rows, without={int(row[0]) for row in rows} - set(evaluated)) or max(evaluated)
