"""Records tutorials' scripts as they are: `python -m benchmarks.tutorials.recorded [NAME ...]` prints the runs of each.

Only our own scripts are run, some that Keras 3 runs without a change. Keras's data sets are replaced by the sample of
MNIST that needs no download, so that a script takes seconds.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.tutorials.__main__ import SCRIPTS
from core.child_process import environment
from core.data.datasets import load
from core.runs.entries import Run
from core.runs.store import RunStore

NAMES = (
    "argparse_defaults",
    "build_then_train",
    "data_class_settings",
    "functional_cnn",
    "grid_of_settings",
    "keras_3_convnet",
    "nested_sequential",
    "no_batch_no_epochs",
    "subclassed_mlp",
    "tensorflow_data",
    "unscaled_images",
)
"""Of SCRIPTS, some that Keras 3 runs without a change."""
_DATA = "data.npz"
_IMAGES = 2_000
_STARTUP = f'''
"""A person's own start of Python: Keras's data sets come from a file."""
import importlib.machinery
import sys
from pathlib import Path


class Finder:
    def find_spec(self, name, path=None, target=None):
        if not name.startswith("keras.src.datasets."):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        load = spec.loader.exec_module

        def load_and_replace(module):
            load(module)
            if hasattr(module, "load_data"):
                module.load_data = lambda *_, **__: images(name.endswith("cifar10"))

        spec.loader.exec_module = load_and_replace
        return spec


def images(in_color):
    import numpy as np

    with np.load(Path(__file__).with_name("{_DATA}")) as file:
        parts = [(file[f"x_{{part}}"], file[f"y_{{part}}"]) for part in ("train", "test")]
    if in_color:
        parts = [(np.pad(x, ((0, 0), (2, 2), (2, 2)))[..., None].repeat(3, axis=-1), y[:, None]) for x, y in parts]
    return tuple(parts)


sys.meta_path.insert(0, Finder())
'''


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a script: exit code, the end of what it wrote to standard error, and its runs."""

    name: str
    code: int
    errors: str
    runs: tuple[Run, ...]

    def faults(self) -> Iterator[str]:
        """What is not as it should be."""
        if self.code:
            yield f"exit code {self.code}: {self.errors}"
        if not self.runs:
            yield "no run"
        for run in self.runs:
            status, config = run.status, run.manifest.config
            if status.state != "finished" or status.epoch != config.epochs:
                yield f"{run.name} {status.state} after epoch {status.epoch} of {config.epochs}: {status.message or ''}"
            answered = len(list((run.folder.path / "predictions").glob("*.npz")))
            if config.validation == "test" and not answered:
                yield f"{run.name} has no results"

    def __str__(self) -> str:
        shown = [
            f"{run.status.epoch} epochs, {run.manifest.config.parameters:,} parameters"
            + (f", test accuracy {run.status.test_accuracy:.3f}" if run.status.test_accuracy is not None else "")
            + (", Inside" if (run.folder.path / "network.tflite").exists() else "")
            for run in self.runs
        ]
        return f"{self.name}: {'; '.join(shown)}"


def main(names: Sequence[str]) -> int:
    """Print the runs of each script and what is wrong with them; returns 1 if anything is."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="digit-lab-recorded-", ignore_cleanup_errors=True) as folder:
        for name in names or NAMES:
            found = record(name, Path(folder) / name)
            faults = list(found.faults())
            print(found, *(f"\n  {fault}" for fault in faults), flush=True)
            failed += bool(faults)
    print(f"{len(names or NAMES) - failed} of {len(names or NAMES)} scripts recorded without a fault")
    return 1 if failed else 0


def record(name: str, folder: Path) -> Recorded:
    """Record one of SCRIPTS in a new folder, and wait until its runs are written."""
    (source,) = SCRIPTS.glob(f"{name}.*")
    script = folder / (f"{name}.py" if source.suffix == ".txt" else source.name)
    startup, runs = folder / "startup", folder / "runs"
    startup.mkdir(parents=True)
    text = source.read_text(encoding="utf-8")
    script.write_text(text, encoding="utf-8")
    (startup / "sitecustomize.py").write_text(_STARTUP, encoding="utf-8")
    _write_data(startup / _DATA, 60_000 if "60000" in text else _IMAGES)
    changes = {"DIGIT_LAB_RUNS": str(runs), "DIGIT_LAB_DATA": str(folder / "data"), "TF_CPP_MIN_LOG_LEVEL": "3"}
    given = environment({**changes, "MPLBACKEND": "agg"})
    given["PYTHONPATH"] = os.pathsep.join((str(startup), given["PYTHONPATH"]))
    given.pop("PYTHONSAFEPATH")
    command = [sys.executable, "-m", "digit_lab.record", script.name]
    ended = subprocess.run(command, cwd=folder, env=given, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    until = time.monotonic() + 300
    while list(runs.glob(".recording-*")) and time.monotonic() < until:
        time.sleep(0.2)
    return Recorded(name, ended.returncode, ended.stderr[-500:], tuple(RunStore(runs, folder / "none").runs()))


def _write_data(path: Path, count: int) -> None:
    data = load("mnist-5k")
    times = -(-count // len(data.train_labels))
    np.savez(
        path,
        x_train=np.concatenate([data.train_images] * times)[:count],
        y_train=np.concatenate([data.train_labels] * times)[:count],
        x_test=data.test_images,
        y_test=data.test_labels,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
