"""The curves of several runs in a form in which they can be laid over each other."""

from collections.abc import Sequence

import numpy as np

from core.analysis.seeds import band, same_but_seed
from core.charts.runs import RunCurve
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS
from core.runs.store import Run
from core.words import say


def run_curves(runs: Sequence[Run], *, metric: str, against: str) -> list[RunCurve]:
    """Loss or accuracy at the end of each epoch, over epochs, updates or seconds of training.

    Runs that differ in nothing but their seed become one curve, their mean, with a band from the lowest to the
    highest.
    """
    groups: dict[object, list[Run]] = {}
    for run in runs:
        if run.manifest is not None:
            groups.setdefault(same_but_seed(run.manifest.config), []).append(run)
    return [
        _group(group, metric, against) if len(group) > 1 else _alone(group[0], metric, against)
        for group in groups.values()
    ]


def _alone(run: Run, metric: str, against: str) -> RunCurve:
    rows = _rows(run)
    return RunCurve(run.name, _positions(run, rows, against), _column(rows, metric), _column(rows, f"val_{metric}"))


def _group(runs: Sequence[Run], metric: str, against: str) -> RunCurve:
    rows = [_rows(run) for run in runs]
    training = band([_column(each, metric) for each in rows])
    validation = band([_column(each, f"val_{metric}") for each in rows])
    shown = training if np.isnan(validation["mean"]).all() else validation
    shortest = min(range(len(runs)), key=lambda place: len(rows[place]))
    return RunCurve(
        say("run_curves.group", name=runs[0].name, seeds=len(runs)),
        _positions(runs[shortest], rows[shortest], against),
        list(training["mean"]),
        list(validation["mean"]),
        (list(shown["low"]), list(shown["high"])),
    )


def _rows(run: Run) -> list[tuple[float, ...]]:
    return list(CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read())


def _column(rows: Sequence[tuple[float, ...]], name: str) -> list[float]:
    return [row[EPOCH_COLUMNS.index(name)] for row in rows]


def _positions(run: Run, rows: Sequence[tuple[float, ...]], against: str) -> list[float]:
    assert run.manifest is not None
    if against == "seconds":
        return list(np.cumsum(_column(rows, "seconds")))
    step = run.manifest.config.updates_per_epoch if against == "update" else 1
    return [step * epoch for epoch in _column(rows, "epoch")]
