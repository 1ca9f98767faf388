"""Read the curves of several runs so that they can be drawn over each other."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from core.analysis.seeds import MANY_SEEDS, band
from core.charts.runs import RunCurve
from core.runs.curves import CurveReader
from core.runs.entries import Run
from core.runs.folder import EPOCH_COLUMNS
from core.text import listed, say


def run_curves(runs: Sequence[Run], *, metric: str, against: str, hues: Mapping[str, str]) -> list[RunCurve]:
    """Loss or accuracy at the end of each epoch, over epochs, updates or seconds of training.

    Three or more runs that differ only in their seed become one curve: their mean, with a band from the lowest to the
    highest, in the color of the first. Runs are named by letter in the order given, starting with A. `hues` has the
    color of each run by its id. Left out are runs that were trained elsewhere and do not say what `against` needs.
    """
    groups: dict[object, list[tuple[str, Run]]] = {}
    for place, run in enumerate(runs):
        if not can_be_drawn(run, against):
            continue
        # what is not known cannot be the same
        alike = run.manifest.recipe if run.manifest.trained_here else run.id
        groups.setdefault(alike, []).append((letter(place), run))
    curves = []
    for group in groups.values():
        seeds = {run.manifest.config.seed for _, run in group}
        if len(seeds) >= MANY_SEEDS:
            curves.append(_mean(group, len(seeds), metric, against, hues[group[0][1].id]))
        else:
            curves += [_alone(letters, run, metric, against, hues[run.id]) for letters, run in group]
    return curves


def can_be_drawn(run: Run, against: str) -> bool:
    """Whether the run's updates, or the seconds of each of its epochs, are known."""
    if against == "epoch" or run.manifest.was_watched:
        return True
    seconds = _epochs(run).column("seconds")
    return against == "seconds" and bool(seconds) and all(map(math.isfinite, seconds))


def letter(place: int) -> str:
    """The letter of a run by its place in the comparison: A, B, …"""
    return chr(ord("A") + place % 26)


def _alone(letters: str, run: Run, metric: str, against: str, color: str) -> RunCurve:
    epochs = _epochs(run)
    return RunCurve(
        say("run_curves.run", letters=letters, name=run.short_name),
        _positions(run, epochs, against),
        epochs.column(metric),
        epochs.column(f"val_{metric}"),
        color=color,
    )


def _mean(group: Sequence[tuple[str, Run]], seeds: int, metric: str, against: str, color: str) -> RunCurve:
    runs = [run for _, run in group]
    read = [_epochs(run) for run in runs]
    training = band([each.column(metric) for each in read])
    validation = band([each.column(f"val_{metric}") for each in read])
    shown = training if np.isnan(validation["mean"]).all() else validation
    shortest = min(range(len(runs)), key=lambda place: len(read[place].rows))
    return RunCurve(
        say("run_curves.group", letters=listed(letters for letters, _ in group), name=runs[0].short_name, seeds=seeds),
        _positions(runs[shortest], read[shortest], against),
        list(training["mean"]),
        list(validation["mean"]),
        (list(shown["low"]), list(shown["high"])),
        color=color,
    )


def _epochs(run: Run) -> CurveReader:
    reader = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS)
    reader.read()
    return reader


def _positions(run: Run, epochs: CurveReader, against: str) -> list[float]:
    if against == "seconds":
        return list(np.cumsum(epochs.column("seconds")))
    step = run.manifest.config.updates_per_epoch if against == "update" else 1
    return [step * epoch for epoch in epochs.column("epoch")]
