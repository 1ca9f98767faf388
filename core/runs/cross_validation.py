"""Out-of-sample predictions of a run's training digits, by cross-validation, and the job that computes them.

The job is a folder in the format of a run's, so that it waits in the same queue; its result goes to its run.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.analysis.answers import Answers
from core.array_types import Bytes
from core.config.datasets import digest_here
from core.config.run import RunConfig
from core.data.cache import cache_folder
from core.errors import DigitLabError, UnreadableRun
from core.files import replacing
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.manifest import Manifest
from core.runs.status import Status

FILE, JOB_FILE = "cross_validation.npz", "job.json"
FOLDS = 3
_MOST_FOLDS, _MOST_EPOCHS = 20, 1_000
_RATE = EPOCH_COLUMNS.index("learning_rate")


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """What the job does: it trains the run's network once per fold, on the training digits of the other folds."""

    run: str
    """The id of the run."""
    rates: tuple[float, ...]
    """The learning rate of each epoch: those of the run up to the epoch whose weights it keeps."""
    folds: int = FOLDS

    @property
    def epochs(self) -> int:
        """The epochs of one fold."""
        return len(self.rates)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, folder: RunFolder) -> Self:
        """The job in a folder; raises UnreadableRun."""
        values = folder.read_json(JOB_FILE)
        try:
            job = cls(str(values["run"]), tuple(float(rate) for rate in values["rates"]), int(values["folds"]))
        except (KeyError, TypeError, ValueError):
            raise UnreadableRun("runs.file_damaged", file=JOB_FILE) from None
        if not (
            1 <= job.epochs <= _MOST_EPOCHS and 2 <= job.folds <= _MOST_FOLDS and all(0 < r <= 10 for r in job.rates)
        ):
            raise UnreadableRun("runs.file_damaged", file=JOB_FILE)
        return job


@dataclass(frozen=True, eq=False)
class OutOfSample:
    """Predictions of the training digits, each by a network that did not learn from it."""

    answers: Answers
    folds: int
    epochs: int
    """The epochs of each network."""


def is_job(folder: RunFolder) -> bool:
    """Whether a folder is a cross-validation rather than a run."""
    return (folder.path / JOB_FILE).is_file()


def plan(folder: RunFolder, manifest: Manifest, status: Status) -> CrossValidation:
    """The job for a run; raises DigitLabError where its network was not trained, or on digits of another version."""
    config = manifest.config
    epochs = status.best_epoch or status.epoch
    manifest.check_trained_here(manifest.name)
    if not epochs:
        raise DigitLabError("cross_validation.untrained")
    if digest_here(config.dataset) not in (None, manifest.data_digest):
        raise DigitLabError("cross_validation.other_digits")
    # recorded rates include every schedule and those set by hand
    rows = CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read()
    recorded = {int(row[0]): row[_RATE] for row in rows if 0 < row[_RATE] <= 10}
    rates = tuple(recorded.get(epoch, config.learning_rate) for epoch in range(1, epochs + 1))
    return CrossValidation(folder.id, rates)


def result_file(folder: RunFolder, manifest: Manifest, *, shipped: bool) -> Path:
    """Where a run's result is kept: in its folder, or for an included run, which is read-only, in the cache."""
    if not shipped or (folder.path / FILE).is_file():
        return folder.path / FILE
    return cache_folder() / "cross_validations" / f"{folder.id}-{int(manifest.created)}.npz"


def read_out_of_sample(path: Path, config: RunConfig) -> OutOfSample:
    """The result in a file; raises UnreadableRun where it is missing, damaged or not of a run with these settings."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            logs, labels, folds, epochs = (file[name] for name in ("log_probabilities", "labels", "folds", "epochs"))
    except FileNotFoundError:
        raise UnreadableRun("runs.file_missing", file=FILE) from None
    except Exception:  # zip, zlib and NumPy raise many kinds of errors for damaged files
        raise UnreadableRun("runs.file_damaged", file=FILE) from None
    count = config.training_images
    fits = (
        logs.shape == (count, len(config.data.classes)) and logs.dtype == np.float16
        and labels.shape == (count,) and labels.dtype == np.uint8
        and folds.shape == epochs.shape == () and folds.dtype.kind == epochs.dtype.kind == "i"
    )  # fmt: skip
    # rounded to float16, the logarithm of a probability may exceed 0 by one last place
    if not fits or np.isnan(logs).any() or logs.max() >= 0.01 or labels.max() >= len(config.data.classes):
        raise UnreadableRun("runs.file_damaged", file=FILE)
    return OutOfSample(Answers(logs.astype(np.float32), labels), int(folds), int(epochs))


def write_out_of_sample(
    path: Path, log_probabilities: NDArray[np.float16], labels: Bytes, job: CrossValidation
) -> None:
    """Write the result: float16 log-probabilities (n, classes) and labels (n,) in the order of the training images."""
    with replacing(path) as draft, draft.open("wb") as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            log_probabilities=log_probabilities,
            labels=labels.astype(np.uint8),
            folds=np.int32(job.folds),
            epochs=np.int32(job.epochs),
        )


def fold_of_each(labels: Bytes, folds: int, seed: int) -> Bytes:
    """The fold of each digit, uint8 (n,): random, but each fold has the same share of every class."""
    order = np.random.default_rng(seed).permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    found = np.empty(len(labels), np.uint8)
    found[by_class] = np.arange(len(labels)) % folds
    return found
