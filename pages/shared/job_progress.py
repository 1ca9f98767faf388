"""How far a cross-validation is."""

import math

from core import formatting as figures
from core.runs.entries import Job
from core.text import say


def job_share(job: Job) -> float:
    """The share of the work that is done, 0 to 1."""
    config, task = job.manifest.config, job.task
    batches = math.ceil(config.training_images * (1 - 1 / task.folds) / config.batch_size)
    return min(1.0, (job.status.epoch + job.status.batch / batches) / (task.folds * task.epochs))


def job_progress(job: Job) -> str:
    """Its fold, epoch and remaining time; while it does not train, its state."""
    status, task = job.status, job.task
    if status.hangs():
        return say("faults.not_answering")
    if status.state not in ("training", "paused"):
        return say(f"watch.state.{status.state}")
    fold, epoch = divmod(min(status.epoch, task.folds * task.epochs - 1), task.epochs)
    told = say("cross_validation.progress", fold=fold + 1, folds=task.folds, epoch=epoch + 1, epochs=task.epochs)
    left = [] if status.seconds_left is None else [say("watch.left", time=figures.rough_duration(status.seconds_left))]
    return " · ".join([told, *left])
