"""Where the time of `fit` goes: batches, predictions after each epoch, and files.

`python -m benchmarks.parts PRESET EPOCHS DATASET FOLDER` trains one run and prints one JSON line with the seconds.
"""

import functools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measurement import Measurement, charted
from benchmarks.setting import Setting
from benchmarks.training import fit_seconds
from core.config.presets import PRESETS
from core.places import ROOT
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.status import Status

_EPOCHS = {"cnn-quick": 1, "mlp-512": 5, "lenet-20-50": 2, "cnn-16-36": 4}
_NAMES = {
    "first": "tracing, and the first window of batches",
    "batches": "all other batches",
    "predictions": "predictions of the validation and test digits",
    "files": "weights, predictions and states written",
    "rest": "everything else",
}


def parts(setting: Setting) -> list[Measurement]:
    """The parts of each preset's `fit`, in seconds of all its epochs."""
    measured: list[Measurement] = []
    for preset, epochs in _EPOCHS.items():
        if setting.quick and preset != "mlp-512":
            continue
        turns = []
        for turn in range(setting.turns(full=3, quick=1)):
            folder = setting.folder / f"parts-{preset}-{turn}"
            command = [sys.executable, "-m", "benchmarks.parts", preset, str(epochs), setting.dataset, str(folder)]
            printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
            turns.append(json.loads(printed.strip().splitlines()[-1]))
        rows = [
            Measurement.of(f"{preset}, epochs: {epochs}: {said}", "s", [turn[name] for turn in turns])
            for name, said in _NAMES.items()
        ]
        whole = median(sum(turn[name] for name in _NAMES) for turn in turns)
        measured += [*charted(rows), Measurement.of(f"{preset}, epochs: {epochs}: all", "s", [whole])]
    return measured


class _Stopwatch:
    """Seconds spent in wrapped functions, by name; only the outermost of nested ones counts."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(_NAMES, 0.0)
        self.running = True
        self._within = False

    def wrap(self, owner: Any, function: str, name: str) -> None:
        """Time this function of a module or class from now on."""
        original: Callable[..., Any] = getattr(owner, function)

        @functools.wraps(original)
        def timed(*arguments: Any, **named: Any) -> Any:
            if self._within or not self.running:
                return original(*arguments, **named)
            self._within, began = True, time.perf_counter()
            try:
                return original(*arguments, **named)
            finally:
                self.seconds[name] += time.perf_counter() - began
                self._within = False

        setattr(owner, function, timed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    preset, epochs, dataset, place = sys.argv[1:] if arguments is None else arguments
    from core.training import worker
    from core.training.rehearsal import rehearse

    worker.prepare()
    # as in a process that waits for a run
    rehearse()
    stopwatch = _instrumented(worker)
    config = PRESETS[preset].replace(epochs=int(epochs), dataset=dataset)
    folder = RunFolder.create(Path(place), config, Status(state="starting", owner=Owner.this()))
    status = worker.run(folder)
    stopwatch.seconds["rest"] = fit_seconds(folder) - sum(stopwatch.seconds.values())
    print(json.dumps(stopwatch.seconds))
    return 0 if status.state == "finished" else 1


def _instrumented(worker: Any) -> _Stopwatch:
    from core.training.callbacks import evaluating, resuming
    from core.training.callbacks.recording import Recording
    from core.training.evaluation import Evaluator

    stopwatch = _Stopwatch()
    stopwatch.wrap(Evaluator, "log_probabilities", "predictions")
    stopwatch.wrap(evaluating, "_write", "files")
    stopwatch.wrap(resuming.Resuming, "on_epoch_end", "files")
    marks: dict[str, float] = {}

    def now() -> float:
        """Without what counts as another part: the untrained network is evaluated between two windows."""
        return time.perf_counter() - stopwatch.seconds["predictions"] - stopwatch.seconds["files"]

    def epoch_begun() -> None:
        marks["window"] = now()

    def batch_ended() -> None:
        # called when a window has ended
        stopwatch.seconds["batches" if "first" in marks else "first"] += now() - marks["window"]
        marks["window"] = marks["first"] = now()

    def fit_ended() -> None:
        stopwatch.running = False

    # tests the best epoch after `fit`
    _before(worker, "_keep_best", fit_ended)
    _before(Recording, "on_train_batch_end", batch_ended)
    _before(Recording, "on_epoch_begin", epoch_begun)
    return stopwatch


def _before(owner: Any, function: str, mark: Callable[[], None]) -> None:
    """Call `mark` before this function of a class or module from now on."""
    original = getattr(owner, function)

    @functools.wraps(original)
    def marked(*arguments: Any, **named: Any) -> Any:
        mark()
        return original(*arguments, **named)

    setattr(owner, function, marked)


if __name__ == "__main__":
    sys.exit(main())
