"""What a sweep will take: runs, time and disk space, before it starts."""

import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.config.run import RunConfig
from core.explain.lessons.batches import MEMORIES, epoch_seconds
from core.runs.entries import Run
from core.runs.states import MILESTONES
from core.server.limits import Settings
from core.sweeps.capacity import Capacity, capacity
from core.sweeps.sweep import Sweep

_BETWEEN_SECONDS = 4.0
"""The least time of a run besides its epochs: its process gets ready, and its model is tested and written."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sweep takes."""

    runs: int
    seconds: float | None
    """None where no earlier run tells how fast they are, or no node of the cluster can train."""
    capacity: Capacity
    saving: float
    """The share of the time that pruning may save, at most."""
    bytes: int
    free: int
    """Bytes that are free on the disk of the runs."""


def estimate(sweep: Sweep, runs: Sequence[Run], folder: Path, settings: Settings) -> Estimate:
    """What the sweep takes at most, by the speed of earlier runs among `runs` and the limits of who asks.

    `folder` is the folder of the runs.
    """
    where = capacity(settings, folder)
    again = sweep.confirm if sweep.second == "none" else 0
    count = sweep.most_trials * sweep.seeds + again
    epoch = _epoch_seconds(sweep.config, runs, where.threads)
    seconds = None
    if epoch is not None and where.at_once:
        # a trial trains its seeds one after another, the winner's new ones are independent
        turns = math.ceil(sweep.most_trials / where.at_once) * sweep.seeds + math.ceil(again / where.at_once)
        seconds = turns * (sweep.config.epochs * epoch + _BETWEEN_SECONDS)
        if sweep.minutes:
            seconds = min(seconds, 60 * sweep.minutes)
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Estimate(count, seconds, where, sweep.saving, count * run_bytes(sweep.config), free)


def run_bytes(config: RunConfig) -> int:
    """The size of a finished run's folder: weights of each epoch, some states of the optimizer, predictions, models."""
    weights = 4 * config.parameters
    states = len([epoch for epoch in MILESTONES if epoch <= config.epochs] or [1])
    predicted = config.data.test + (config.validation_images if config.validation == "last-20" else 0)
    answers = 2 * len(config.data.classes) * predicted
    of_epochs = (config.epochs + 1) * (weights + answers)
    return of_epochs + states * weights * (1 + MEMORIES[config.optimizer]) + 3 * weights


def _epoch_seconds(config: RunConfig, runs: Sequence[Run], threads: int) -> float | None:
    """Seconds of an epoch with so many threads, at most, by the newest run that is most alike."""
    found: tuple[int, float] | None = None
    for run in runs:
        like = run.manifest.config
        if run.shipped or not run.manifest.trained_here or not (seconds := epoch_seconds(run)):
            continue
        alike = 2 * (like.network == config.network) + (like.batch_size == config.batch_size)
        if found is None or alike > found[0]:
            fewer = max(1.0, _threads(run) / threads)
            found = alike, fewer * seconds * _work(config) / _work(like)
        if alike == 3:
            break
    return found[1] if found else None


def _threads(run: Run) -> int:
    """With how many threads a run was trained; earlier versions noted only the cores of its machine."""
    known = run.manifest.environment
    found = known.get("threads", known.get("cores"))
    return found if isinstance(found, int) else 1


def _work(config: RunConfig) -> float:
    """Multiplications of an epoch, and a part that each batch takes whatever its size."""
    return config.training_images * (1 + sum(row.multiply_adds for row in config.layer_table) / 1e5)
