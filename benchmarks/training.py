"""The overhead of Digit Lab: a run by the worker against plain `fit` with the same network, data, epochs and seed."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks.measurement import Measurement
from benchmarks.setting import Setting
from core.places import ROOT, place
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.states import resume_point
from core.runs.store import RunStore

_SEED = 10
"""Seed of the first turn; later turns count up."""
_TIMES = {"mlp-512": (0.45, 0.85), "lenet-20-50": (0.45, 1.0), "cnn-16-36": (0.50, 1.0)}
"""Limits of `fit` as a multiple of plain fit: in bfloat16 if the processor supports it, and in float32."""
_WHOLE = 1.10
_PEAK = 0.75
_POINTS = 0.15
"""Maximum percentage points by which our mean accuracy may be below plain fit's."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many epochs of a preset to train, and how often."""

    epochs: int
    turns: int


_ALL_EPOCHS = {"cnn-16-36": Size(20, 3)}
# fewer epochs of the last one, because all 20 would take as long as the rest of the benchmark
_FULL = {"mlp-512": Size(5, 3), "lenet-20-50": Size(2, 3), "cnn-16-36": Size(4, 3)}
# without LeNet, whose batches of 32 take longest
_QUICK = {"mlp-512": Size(2, 1), "cnn-16-36": Size(1, 1)}


@dataclass(frozen=True, slots=True)
class Training:
    """One training: seconds of `fit` and of the whole process, memory in MB (10^6 bytes).

    `epoch` is the duration of the last epoch in seconds, including what is stored for it; 0 for plain fit.
    """

    fit: float
    process: float
    accuracy: float
    peak: float
    precision: str = "float32"
    epoch: float = 0


def training(setting: Setting) -> list[Measurement]:
    """Every preset, alternating with plain `fit` and changing the order from turn to turn."""
    return _in_turn(_QUICK if setting.quick else _FULL, setting)


def all_epochs(setting: Setting) -> list[Measurement]:
    """The preset with the longest training, with all its epochs."""
    return _in_turn(_QUICK if setting.quick else _ALL_EPOCHS, setting)


def _in_turn(sizes: Mapping[str, Size], setting: Setting) -> list[Measurement]:
    measurements: list[Measurement] = []
    for preset, size in sizes.items():
        ours: list[Training] = []
        plain: list[Training] = []
        alike: list[Training] = []
        for turn in range(size.turns):
            for begins in (turn % 2 == 0, turn % 2 == 1):
                if begins:
                    ours.append(train(preset, size.epochs, setting, _SEED + turn))
                    if ours[-1].precision != "float32" and not setting.quick and not alike:
                        alike.append(train(preset, size.epochs, setting, precision="float32"))
                else:
                    plain.append(plain_fit(preset, size.epochs, setting, _SEED + turn))
        measurements += _compared(preset, size.epochs, ours, plain, alike)
    return measurements


def _compared(
    preset: str, epochs: int, ours: Sequence[Training], plain: Sequence[Training], alike: Sequence[Training]
) -> list[Measurement]:
    """The rows of a preset; `alike` are runs in plain fit's precision, where ours have another."""
    mixed, float32 = _TIMES[preset]

    def row(
        what: str,
        unit: str,
        value: Callable[[Training], float],
        times: float | None = None,
        runs: Sequence[Training] = ours,
    ) -> Measurement:
        values = list(map(value, runs)), list(map(value, plain))
        return Measurement.of(f"{preset}, epochs: {epochs}: {what}", unit, *values, against="plain fit", times=times)

    precision = ours[0].precision
    rows = [row(f"fit, {precision}", "s", lambda run: run.fit, float32 if precision == "float32" else mixed)]
    if alike:
        rows.append(row("fit, float32", "s", lambda run: run.fit, float32, alike))
    return [
        *rows,
        row("whole process", "s", lambda run: run.process, _WHOLE),
        row("test accuracy", "%", lambda run: run.accuracy),
        Measurement.of(
            f"{preset}, epochs: {epochs}: test accuracy, plain fit's mean less ours",
            "points",
            [fmean(run.accuracy for run in plain) - fmean(run.accuracy for run in ours)],
            limit=_POINTS,
        ),
        row("peak memory", "MB", lambda run: run.peak, _PEAK),
    ]


def train(preset: str, epochs: int, setting: Setting, seed: int = _SEED, /, **changes: str) -> Training:
    """One run by the worker in its own process; `changes` are settings as on its command line."""
    with tempfile.TemporaryDirectory(dir=setting.folder) as runs_dir:
        options = ["--preset", preset, "--epochs", str(epochs), "--seed", str(seed), "--runs-dir", runs_dir]
        settings = {"dataset": setting.dataset} | changes
        options += [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]
        ended = _run(["-m", "core.training", *options])
        run = RunStore(Path(runs_dir), Path(runs_dir) / "none").runs()[0]
        if run.status.test_accuracy is None:
            raise RuntimeError(f"The run of {preset} ended without a test; {ended.output[-300:]}")
        accuracy, precision = 100 * run.status.test_accuracy, str(run.manifest.environment["precision"])
        epoch = CurveReader(run.folder.epochs_csv, EPOCH_COLUMNS).read()[-1][EPOCH_COLUMNS.index("seconds")]
        return Training(fit_seconds(run.folder), ended.seconds, accuracy, ended.peak, precision, epoch)


def fit_seconds(folder: RunFolder) -> float:
    """Seconds between the last file written before `fit` and the last one written in it."""
    last = resume_point(folder)
    assert last is not None, "a finished run has a state"
    return last.stat().st_mtime - folder.labels.stat().st_mtime


def plain_fit(preset: str, epochs: int, setting: Setting, seed: int) -> Training:
    """A preset's network trained by plain `fit` in its own process."""
    script = os.environ.get("DIGIT_LAB_PLAIN_FIT")
    command = (
        [str(place(script)), preset, str(setting.digits)]
        if script
        else ["-m", "benchmarks.plain", preset, setting.dataset]
    )
    ended = _run([*command, "--epochs", str(epochs), "--seed", str(seed)])
    try:
        printed = json.loads(ended.output.strip().splitlines()[-1])
        return Training(printed["fit_s"], ended.seconds, 100 * printed["test_accuracy"], ended.peak)
    except (ValueError, LookupError, TypeError):
        raise RuntimeError(f"{command[0]} has to print one JSON line with fit_s and test_accuracy.") from None


@dataclass(frozen=True, slots=True)
class _Ended:
    output: str
    seconds: float
    peak: float


def _run(arguments: Sequence[str]) -> _Ended:
    """Run Python with these arguments; raises RuntimeError with the output on failure."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
        try:
            # the kernel records the true peak, which polling would miss
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        except BaseException:
            process.kill()
            raise
        seconds = time.perf_counter() - began
        errors.seek(0)
        output.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments[:3])} failed: {errors.read()[-300:]}")
        peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
        return _Ended(output.read(), seconds, peak)
