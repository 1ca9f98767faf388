"""The plausible rows of a run's two CSVs."""

import math
from collections.abc import Mapping
from pathlib import Path

from core.errors import UnreadableRun
from core.runs.curves import CurveReader, Row, headers
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS

COLUMNS = {"epochs.csv": EPOCH_COLUMNS, "batches.csv": BATCH_COLUMNS}
_LOSSES = ("loss", "val_loss")


def plausible_rows(path: Path, epochs: int) -> list[Row]:
    """The rows of `epochs.csv` or `batches.csv` whose numbers a run of this many epochs can have.

    Of `epochs.csv`, only the first row of each epoch. Raises UnreadableRun where the header differs.
    """
    columns = COLUMNS[path.name]
    with path.open("rb") as file:
        if file.readline(1_000).strip().decode(errors="replace") not in headers(columns):
            raise UnreadableRun("bundles.bad_rows", file=path.name)
    rows = [row for row in CurveReader(path, columns).read() if _is_plausible(row, columns, epochs)]
    if columns is BATCH_COLUMNS:
        return rows
    kept: list[Row] = []
    for row in rows:
        if not kept or row[0] > kept[-1][0]:
            kept.append(row)
    return kept


def _is_plausible(row: Row, columns: tuple[str, ...], epochs: int) -> bool:
    values: Mapping[str, float] = dict(zip(columns, row, strict=True))
    counted = all(values[name].is_integer() for name in ("epoch", "batch") if name in values)
    # a training that diverged may have any loss
    measured = all(math.isnan(value) or 0 <= value < 10**12 for name, value in values.items() if name not in _LOSSES)
    return counted and measured and 1 <= values["epoch"] <= epochs
