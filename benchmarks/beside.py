"""A real training beside what is measured."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from core.places import ROOT
from core.runs.store import RunStore

_DEADLINE = 120


@contextlib.contextmanager
def training(runs_dir: Path, dataset: str) -> Iterator[None]:
    """A run that trains meanwhile; raises RuntimeError if it does not begin in time."""
    options = ["--preset", "mlp-512", "--epochs", "1000", "--dataset", dataset, "--runs-dir", str(runs_dir)]
    command = [sys.executable, "-m", "core.training", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as worker:
        try:
            deadline = time.monotonic() + _DEADLINE
            while not any(run.status.epoch and run.in_use for run in RunStore(runs_dir, runs_dir / "none").runs()):
                if worker.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("The training beside the pages does not begin; run core.training to see why.")
                time.sleep(0.1)
            yield
        finally:
            worker.kill()
