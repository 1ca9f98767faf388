"""The loss of an epoch's predictions as the run computed it, before they were kept with fewer digits."""

import math
from collections.abc import Iterator

from core.config.run import RunConfig
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.predictions import Part
from core.runs.status import Status

_ROUNDING, _SMALLEST = 2.0**-11, 2.0**-24
"""Relative error of a float16, and the absolute one below its normal numbers."""


def epoch_loss(kept: float, folder: RunFolder, config: RunConfig, status: Status, epoch: int, part: Part) -> float:
    """The recorded loss of an epoch's predictions if it differs from that of the kept ones by their rounding alone.

    Else `kept`, the mean cross-entropy of the kept ones: not every epoch has a recorded loss, and some have penalties.
    """
    recorded = _recorded(folder, config, status, epoch, part)
    return next((loss for loss in recorded if math.isclose(loss, kept, rel_tol=_ROUNDING, abs_tol=_SMALLEST)), kept)


def _recorded(folder: RunFolder, config: RunConfig, status: Status, epoch: int, part: Part) -> Iterator[float]:
    if part == "test":
        tested = ((status.best_epoch or status.epoch, status.test_loss), (status.epoch, status.last_test_loss))
        yield from (loss for of, loss in tested if of == epoch and loss is not None)
    if part == "validation" or config.validation == "test":
        number, loss = EPOCH_COLUMNS.index("epoch"), EPOCH_COLUMNS.index("val_loss")
        yield from (row[loss] for row in CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read() if row[number] == epoch)
