"""What a sweep will take: runs, time and disk space, before it starts."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.config.run import RunConfig
from core.explain.lessons.batches import MEMORIES, epoch_seconds
from core.runs.entries import Run
from core.runs.states import MILESTONES
from core.sweeps.sweep import Sweep

_BETWEEN_SECONDS = 4.0
"""The least time of a run besides its epochs: its process gets ready, and its model is tested and written."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sweep takes; seconds are None where no run tells how fast this machine is."""

    runs: int
    seconds: float | None
    saving: float
    """The share of the time that pruning may save, at most."""
    bytes: int
    free: int
    """Bytes that are free on the disk of the runs."""


def estimate(sweep: Sweep, runs: Sequence[Run], folder: Path) -> Estimate:
    """What the sweep takes at most, by the speed of earlier runs among `runs`; `folder` is the folder of the runs."""
    count = sweep.most_trials * sweep.seeds + (sweep.confirm if sweep.second == "none" else 0)
    epoch = _epoch_seconds(sweep.config, runs)
    seconds = None if epoch is None else count * (sweep.config.epochs * epoch + _BETWEEN_SECONDS)
    if seconds is not None and sweep.minutes:
        seconds = min(seconds, 60 * sweep.minutes)
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return Estimate(count, seconds, sweep.saving, count * run_bytes(sweep.config), shutil.disk_usage(folder).free)


def run_bytes(config: RunConfig) -> int:
    """The size of a finished run's folder: weights of each epoch, some states of the optimizer, predictions, models."""
    weights = 4 * config.parameters
    states = len([epoch for epoch in MILESTONES if epoch <= config.epochs] or [1])
    predicted = config.data.test + (config.validation_images if config.validation == "last-20" else 0)
    answers = 2 * len(config.data.classes) * predicted
    of_epochs = (config.epochs + 1) * (weights + answers)
    return of_epochs + states * weights * (1 + MEMORIES[config.optimizer]) + 3 * weights


def _epoch_seconds(config: RunConfig, runs: Sequence[Run]) -> float | None:
    """Seconds of an epoch, by the newest run that is most alike."""
    found: tuple[int, float] | None = None
    for run in runs:
        like = run.manifest.config
        if run.shipped or not run.manifest.trained_here or not (seconds := epoch_seconds(run)):
            continue
        alike = 2 * (like.network == config.network) + (like.batch_size == config.batch_size)
        if found is None or alike > found[0]:
            found = alike, seconds * _work(config) / _work(like)
        if alike == 3:
            break
    return found[1] if found else None


def _work(config: RunConfig) -> float:
    """Multiplications of an epoch, and a part that each batch takes whatever its size."""
    return config.training_images * (1 + sum(row.multiply_adds for row in config.layer_table) / 1e5)
