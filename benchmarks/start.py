"""Where the time from Start to the first point goes, and the time of a new process's imports.

`python -m benchmarks.start` imports what a training does, and prints one JSON line with the milliseconds.
"""

import importlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from benchmarks.browsing import chromium
from benchmarks.live import await_process, open_form, see_point
from benchmarks.measurement import Measurement
from benchmarks.serving import APP, serving
from benchmarks.setting import Setting
from core.places import ROOT
from core.runs.folder import RunFolder

_LOOK_SECONDS = 0.01
_STEPS: dict[str, Callable[[RunFolder], bool]] = {
    "click to the run's folder": lambda run: run.path.exists(),
    "to the process that trains it": lambda run: run.log.exists() and run.log.stat().st_size > 0,
    "to TensorFlow and the digits being there": lambda run: bool(run.manifest().environment),
    "to the network": lambda run: run.labels.exists(),
    "to the beginning of `fit`": lambda run: run.batches_csv.exists(),
    "to the first window of batches, written": lambda run: run.batches_csv.read_bytes().count(b"\n") > 1,
}
_SEEN = "to its point on the page"
_IMPORTS = {"keras": "TensorFlow and Keras", "core.training.fit": "ours that need them"}


def start(setting: Setting) -> list[Measurement]:
    """The steps of a cold start and of one with a process waiting, and the imports of the first."""
    turns = setting.turns(full=5, quick=1)
    with chromium() as browser:
        cold = [_steps(browser, setting, f"cold-{turn}") for turn in range(turns)]
        warm = [_steps(browser, setting, f"warm-{turn}", wait=True) for turn in range(turns)]
    imports = [_imports() for _ in range(turns)]
    return [
        *_rows("Start, cold", cold),
        *_rows("Start, a process waiting", warm),
        *_rows("Imports of a new process", imports),
    ]


def _rows(name: str, turns: Sequence[dict[str, float]]) -> list[Measurement]:
    rows = [Measurement.of(f"{name}: {step}", "ms", [turn[step] for turn in turns]) for step in turns[0]]
    return [*rows, Measurement.of(f"{name}: all", "ms", [sum(turn.values()) for turn in turns])]


def _steps(browser: Browser, setting: Setting, name: str, *, wait: bool = False) -> dict[str, float]:
    """The milliseconds of each step from one click on Start."""
    runs_dir = setting.folder / f"start-{name}"
    with serving(APP, setting.folder, runs_dir, waiting=wait) as server, open_form(browser, server, setting) as page:
        if wait:
            await_process(server.process)
        reached: list[float] = []
        follower = threading.Thread(target=_follow, args=(runs_dir, reached), daemon=True)
        follower.start()
        clicked, point = see_point(page)
        follower.join()
    moments = [clicked, *reached, point]
    lengths = [1000 * (after - before) for before, after in pairwise(moments)]
    return dict(zip((*_STEPS, _SEEN), lengths, strict=True))


def _follow(runs_dir: Path, reached: list[float]) -> None:
    """Note the time, in seconds since 1970, at which the next run's files show that each step has been reached."""
    known = set(runs_dir.glob("[!.]*"))
    while not (new := set(runs_dir.glob("[!.]*")) - known):
        time.sleep(_LOOK_SECONDS)
    run = RunFolder(new.pop())
    for is_reached in _STEPS.values():
        while not is_reached(run):
            time.sleep(_LOOK_SECONDS)
        reached.append(time.time())


def _imports() -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.start"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return dict(json.loads(printed.strip().splitlines()[-1]))


def main() -> int:
    """Run the command."""
    from core.training import worker

    taken = {"Python, and what needs no TensorFlow": 1000 * (time.time() - psutil.Process().create_time())}
    with worker.quick_imports():
        for module, name in _IMPORTS.items():
            began = time.perf_counter()
            importlib.import_module(module)
            taken[name] = 1000 * (time.perf_counter() - began)
    print(json.dumps(taken))
    return 0


if __name__ == "__main__":
    sys.exit(main())
