"""How the time per epoch grows, and how close training comes to the processor's peak performance."""

import json
import subprocess
import sys

from benchmarks.measurement import Measurement, charted
from benchmarks.setting import Setting
from benchmarks.training import Training, train
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.data.datasets import status
from core.places import ROOT
from core.runs.predictions import images_in, parts

_BATCH_SIZES = (32, 64, 128, 256, 512, 1024)
_UNITS = (128, 512, 2048)
_FILTERS = ((8, 18), (16, 36), (32, 72))
_DATASETS = ("mnist-5k", "mnist", "handwriting")


def growth(setting: Setting) -> list[Measurement]:
    """The second epoch of short runs that differ from a preset in one setting; the first epoch includes compilation."""
    trainings = _Trainings(setting)
    by_batch = [
        trainings.row(preset, f"batches of {size}", batch_size=str(size))
        for preset in ("mlp-512", "cnn-16-36")
        for size in (_BATCH_SIZES[2::2] if setting.quick else _BATCH_SIZES)
        if not (setting.quick and preset != "mlp-512")
    ]
    if setting.quick:
        return charted([row for row, _ in by_batch])
    by_units = [trainings.row("mlp-512", f"{units} units", hidden_units=str(units)) for units in _UNITS]
    by_filters = [
        trainings.row("cnn-16-36", f"{first} and {second} filters", blocks=f"{first}@5-same-max,{second}@5-same-max")
        for first, second in _FILTERS
    ]
    by_images = [
        trainings.row("cnn-16-36", f"{_trained('cnn-16-36', dataset=name):,} images", dataset=name)
        for name in _DATASETS
        if status(name).state in ("ready", "local")
    ]
    groups = (by_batch, by_units, by_filters, by_images)
    measured = [one for group in groups for one in charted([row for row, _ in group])]
    largest = max((training for group in groups for _, training in group), key=lambda training: training.peak)
    peak = Measurement.of("Memory of the largest of these workers, at its peak", "MB", [largest.peak])
    return [*measured, peak, *_efficiency(trainings)]


class _Trainings:
    """Short runs, each trained only once even if several rows need it."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._done: dict[RunConfig, Training] = {}

    def of(self, preset: str, **changes: str) -> Training:
        """Train two epochs of a preset with these settings."""
        settings = {"dataset": self.setting.dataset} | changes
        config = PRESETS[preset].replace(**settings)
        if config not in self._done:
            self._done[config] = train(preset, 2, self.setting, **settings)
        return self._done[config]

    def row(self, preset: str, what: str, **changes: str) -> tuple[Measurement, Training]:
        """The time of the second epoch, and the training."""
        done = self.of(preset, **changes)
        name = f"{preset}, {what}: an epoch, {done.precision}, {done.peak:,.0f} MB"
        return Measurement.of(name, "s", [done.epoch]), done


def _trained(preset: str, **changes: str) -> int:
    return PRESETS[preset].replace(**changes).training_images


def _efficiency(trainings: _Trainings) -> list[Measurement]:
    """Operations per second of an epoch, compared with those of a large matrix product."""
    rows: list[Measurement] = []
    for preset in ("mlp-512", "lenet-20-50", "cnn-16-36"):
        done = trainings.of(preset)
        trained = operations(PRESETS[preset].replace(dataset=trainings.setting.dataset)) / done.epoch / 1e9
        against = f"matrix product, {done.precision}"
        rows.append(
            Measurement.of(
                f"{preset}: arithmetic of an epoch", "GFLOP/s", [trained], [_peak(done.precision)], against=against
            )
        )
    return rows


def operations(config: RunConfig) -> int:
    """Floating-point operations per epoch: two per multiply-add, once for inference and three times for training.

    The gradients of the weights and of the inputs each cost as much as the forward pass (D. Amodei and D. Hernandez,
    AI and compute, 2018).
    """
    work = 2 * sum(row.multiply_adds for row in config.layer_table)
    answered = sum(images_in(config, part) for part in parts(config))
    return work * (3 * config.training_images + answered)


def _peak(precision: str) -> float:
    command = [sys.executable, "-m", "benchmarks.matrix_product", precision]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return float(json.loads(printed.strip().splitlines()[-1])["gflops"])
