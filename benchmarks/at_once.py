"""What several runs at once gain: the same queue of runs, at once against one after the other."""

import itertools
import time
from dataclasses import replace

from benchmarks.measurement import Measurement
from benchmarks.setting import Setting
from core.config.presets import preset_for
from core.environment import cores
from core.queue.launcher import Launcher
from core.queue.queue import Queue
from core.queue.room import MachineRoom, threads_each
from core.runs.entries import Run
from core.runs.store import RunStore
from core.server.limits import Settings

PRESET = "mlp-512"
_RUNS, _TURNS = 5, 3
_SECONDS = 1_200.0


def at_once(setting: Setting) -> list[Measurement]:
    """Train five runs of a preset, all turns of each kind one after another, and one run with its share of threads."""
    turns = setting.turns(full=_TURNS, quick=1)
    numbers = sorted({1, cores(), _RUNS})
    seconds: dict[int, list[float]] = {number: [] for number in numbers}
    folders = itertools.count()
    for _ in range(turns):
        for number in numbers:
            seconds[number].append(_trained(setting, next(folders), Settings(runs_at_once=number), _RUNS))
    alone = [_trained(setting, next(folders), Settings(), 1) for _ in range(turns)]
    share = threads_each(Settings(runs_at_once=cores()))
    shared = [_trained(setting, next(folders), Settings(threads=share), 1) for _ in range(turns)]
    rows = [
        Measurement.of(
            f"{_RUNS} runs of {PRESET}, {number} at once, threads: {threads_each(Settings(runs_at_once=number))} each",
            "s",
            seconds[number],
            seconds[1],
            against="in turn",
        )
        for number in numbers[1:]
    ]
    name = f"One run of {PRESET} alone, threads: {share}"
    return [*rows, Measurement.of(name, "s", shared, alone, against="all threads")]


def _trained(setting: Setting, place: int, settings: Settings, count: int) -> float:
    """Seconds from the start of this many runs to the end of the last; raises RuntimeError if one fails."""
    store = RunStore(setting.folder / f"at-once-{place}", setting.folder / "none")
    # no process waits ready, so that each run begins alike
    settings = replace(settings, warm_worker=False)
    queue = Queue(store, launcher=Launcher(settings), room=MachineRoom(settings))
    config = preset_for(PRESET, setting.dataset).replace(dataset=setting.dataset)
    if setting.quick:
        config = config.replace(epochs=2)
    began = time.monotonic()
    runs = [queue.submit(config.replace(seed=seed)) for seed in range(1, count + 1)]
    queue.watch(interval=0.1)
    try:
        while queue.look().busy:
            if time.monotonic() - began > _SECONDS:
                raise RuntimeError(f"the runs take more than {_SECONDS:.0f} s")
            time.sleep(0.1)
        seconds = time.monotonic() - began
    finally:
        queue.close()
    ended: list[Run] = [store.find(run) for run in runs]
    if unfinished := [run.status.state for run in ended if run.status.state != "finished"]:
        raise RuntimeError(f"a run of {PRESET} is {unfinished[0]}")
    return seconds
