"""The preset for one epoch: its accuracy over many seeds, and its time against an epoch of plain `fit`."""

from statistics import fmean

from benchmarks.measurement import Measurement
from benchmarks.setting import Setting
from benchmarks.training import Training, plain_fit, train
from core.config.presets import preset_for

PRESET, _AGAINST = "cnn-quick", "cnn-16-36"
_SEEDS, _TURNS = 30, 3
_MEAN, _LOWEST = 99.0, 98.8
"""In percent of MNIST's test digits."""
_SECONDS, _TIMES = 5.0, 0.40


def quick(setting: Setting) -> list[Measurement]:
    """Train with many seeds, the first few in turn with one epoch of another preset by plain `fit`."""
    epochs = preset_for(PRESET, setting.dataset).epochs
    seeds, turns = (3, 1) if setting.quick else (_SEEDS, _TURNS)
    ours: list[Training] = []
    plain: list[Training] = []
    for seed in range(1, seeds + 1):
        ours.append(train(PRESET, epochs, setting, seed))
        if seed <= turns:
            plain.append(plain_fit(_AGAINST, 1, setting, seed))
    accuracies = [run.accuracy for run in ours]
    name = f"{PRESET}, epochs: {epochs}, seeds: {seeds}: "
    rows = [
        Measurement.of(f"{name}test accuracy, mean", "%", [fmean(accuracies)]),
        Measurement.of(f"{name}test accuracy, lowest", "%", [min(accuracies)]),
        Measurement.of(f"{name}test accuracy, highest", "%", [max(accuracies)]),
    ]
    if setting.dataset == "mnist":
        rows += [
            Measurement.of(f"{name}{_MEAN} % less the mean", "points", [_MEAN - fmean(accuracies)], limit=0.0),
            Measurement.of(f"{name}{_LOWEST} % less the lowest", "points", [_LOWEST - min(accuracies)], limit=0.0),
        ]
    return [
        *rows,
        Measurement.of(f"{name}fit, {ours[0].precision}", "s", [run.fit for run in ours], limit=_SECONDS),
        Measurement.of(
            f"{PRESET}, epochs: {epochs}: fit, in turn with an epoch of {_AGAINST}",
            "s",
            [run.fit for run in ours[:turns]],
            [run.fit for run in plain],
            against="plain fit",
            times=_TIMES,
        ),
    ]
