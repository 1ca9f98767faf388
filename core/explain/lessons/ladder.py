"""The ladder: the same short run at each of several learning rates."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.analysis.verdict import guessing
from core.config.presets import PRESETS
from core.config.run import LADDER, RunConfig
from core.explain.lessons.batches import epoch_seconds
from core.runs.curves import CurveReader
from core.runs.first_updates import has_steps, read_steps
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, Group
from core.runs.status import ACTIVE
from core.runs.store import Run

NETWORKS = ("mlp-512", "lenet-20-50", "cnn-16-36")
DATASETS = ("mnist-5k", "mnist")
MOST_EPOCHS = 2
RUNGS = (1.0, *LADDER)
"""The highest rate diverges with each of NETWORKS, to show what too high a rate does."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A learning rate and the newest run that uses it, if any."""

    config: RunConfig
    run: Run | None = None

    @property
    def rate(self) -> float:
        return self.config.learning_rate

    @property
    def state(self) -> str:
        """State of the run, "none" without a run."""
        return self.run.status.state if self.run else "none"

    @property
    def busy(self) -> bool:
        return self.state in ACTIVE or self.state == "queued"

    @property
    def tried(self) -> bool:
        """Whether the result is known: finished, or failed because the loss became NaN."""
        return self.state == "finished" or self.diverged

    @property
    def diverged(self) -> bool:
        """Whether the rate is too high: the loss became NaN, or the run finished no better than guessing."""
        if self.state == "finished":
            return not self.validation_loss() < guessing(len(self.config.data.classes))
        # in runs from before the status recorded NaN, a failure after the first batch means NaN
        status = self.run.status if self.run else None
        return status is not None and status.state == "failed" and bool(status.exploded or status.batch)

    def losses(self) -> tuple[list[float], list[float]]:
        """Updates and the training loss at each: single batches at first, then means over windows of batches."""
        if self.run is None:
            return [], []
        folder, steps = self.run.folder, self.config.updates_per_epoch
        rows = CurveReader(folder.batches_csv, BATCH_COLUMNS).read()
        first = read_steps(folder).loss.tolist() if has_steps(folder) else []
        later = [((row[0] - 1) * steps + row[1], row[2]) for row in rows]
        points = [*enumerate(first), *(point for point in later if point[0] > len(first))]
        return [float(at) for at, _ in points], [value for _, value in points]

    def validation_loss(self) -> float:
        """Validation loss after the last epoch; NaN before the first."""
        if self.run is None:
            return math.nan
        rows = CurveReader(self.run.folder.epochs_csv, EPOCH_COLUMNS).read()
        return rows[-1][EPOCH_COLUMNS.index("val_loss")] if rows else math.nan


def ladder_config(network: str, dataset: str, epochs: int) -> RunConfig:
    """A short run of a preset with a validation split, so that the best rate is chosen on images not trained on."""
    return PRESETS[network].replace(dataset=dataset, epochs=epochs, validation="last-20")


def ladder_group(config: RunConfig) -> Group:
    """The group of the runs of a ladder, the same whenever and by whomever its rungs are tried."""
    alike = repr(config.replace(learning_rate=RUNGS[0]))
    return Group("ladder", hashlib.blake2b(alike.encode(), digest_size=8).hexdigest())


def climb(config: RunConfig, runs: Sequence[Run]) -> list[Rung]:
    """One rung for each rate, highest first, with its newest run, preferably one that did not end early."""
    rungs = []
    for rate in RUNGS:
        wanted = config.replace(learning_rate=rate)
        found = [run for run in runs if run.manifest.config == wanted]
        useful = [run for run in found if run.status.state not in ("stopped", "failed", "interrupted")]
        rungs.append(Rung(wanted, next(iter([*useful, *found]), None)))
    return rungs


def best(rungs: Sequence[Rung]) -> Rung | None:
    """The rung with the lowest validation loss, None until all rungs have been tried."""
    measured = [rung for rung in rungs if rung.state == "finished" and not rung.diverged]
    if not measured or not all(rung.tried for rung in rungs):
        return None
    return min(measured, key=Rung.validation_loss)


def epoch_guess(config: RunConfig, runs: Sequence[Run]) -> float | None:
    """Estimated seconds per epoch, from the newest run with the same network, batch size and optimizer; else None."""
    for run in runs:
        like = run.manifest.config
        if (like.network, like.batch_size, like.optimizer) == (config.network, config.batch_size, config.optimizer):
            seconds = epoch_seconds(run)
            if seconds is not None:
                return seconds * config.training_images / like.training_images
    return None
