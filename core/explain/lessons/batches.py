"""The effect of the batch size: updates per epoch, memory, and measured training speed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, prod
from statistics import median

import pandas as pd

from core.config.layers import Flatten
from core.config.run import RunConfig
from core.runs.curves import CurveReader
from core.runs.entries import Run
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS

FLOAT_BYTES = 4
MEMORIES = {"rmsprop": 1, "adam": 2, "adamw": 2, "nadam": 2, "adagrad": 1, "adadelta": 2, "sgd": 1}
"""Values that each optimizer stores per weight."""


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches of a training with this many images, batch size and epochs."""

    images: int
    size: int
    epochs: int

    @property
    def per_epoch(self) -> int:
        """Weight updates per epoch."""
        return ceil(self.images / self.size)

    @property
    def total(self) -> int:
        return self.per_epoch * self.epochs

    @property
    def last(self) -> int:
        """Images in the last batch of an epoch."""
        return self.images - (self.per_epoch - 1) * self.size


def batch_bytes(config: RunConfig, size: int) -> int:
    """Bytes of a batch's images and all layer outputs, which backpropagation needs (float32), by the layer table.

    Flattening copies nothing, so it is not counted.
    """
    rows = [row for row in config.layer_table if not isinstance(row.layer, Flatten)]
    return FLOAT_BYTES * size * (prod(config.data.shape) + sum(prod(row.output_shape) for row in rows))


def weight_bytes(config: RunConfig) -> int:
    """Bytes of the weights, their gradients and the optimizer's state (float32), whatever the batch size."""
    return FLOAT_BYTES * config.parameters * (2 + MEMORIES[config.optimizer])


def measured_speeds(runs: Sequence[Run]) -> pd.DataFrame:
    """Median seconds per epoch, including evaluation, and median speed of training alone, for each kind of run.

    Columns name, batch, seconds, update_ms and images_per_second; the index is the run's id. Takes the first run in
    the given order of each network, data set and batch size, if it has completed an epoch.
    """
    rows, known = {}, set()
    for run in runs:
        seconds, speed = epoch_seconds(run), images_per_second(run)
        if seconds is None or speed is None:
            continue
        config = run.manifest.config
        kind = config.network, config.dataset, config.batch_size
        if kind in known:
            continue
        known.add(kind)
        rows[run.id] = (run.name, config.batch_size, seconds, 1000 * config.batch_size / speed, speed)
    columns = ["name", "batch", "seconds", "update_ms", "images_per_second"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def images_per_second(run: Run) -> float | None:
    """Median training speed over the recorded windows of batches; None before the first one."""
    rows = CurveReader(run.folder.batches_csv, BATCH_COLUMNS).read()
    positive = [value for row in rows if (value := row[BATCH_COLUMNS.index("images_per_second")]) > 0]
    return median(positive) if positive else None


def epoch_seconds(run: Run) -> float | None:
    """Median duration of an epoch, without the first, which builds graphs; None before the first has ended."""
    rows = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()
    found = [row[EPOCH_COLUMNS.index("seconds")] for row in rows]
    positive = [value for value in found if value > 0]
    return median(positive[1:] or positive) if positive else None
