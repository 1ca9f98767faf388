"""What submitting and mirroring cost: one real run by the queue of this machine and by Ray on it, in turn."""

import os
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import psutil

from benchmarks.measurement import Measurement
from benchmarks.ray_nodes import RayNodes
from benchmarks.setting import Setting
from core.cluster.keeper import queue_for
from core.cluster.overview import read_overview
from core.config.presets import preset_for
from core.environment import cores
from core.queue.queue import Queue
from core.runs.store import RunStore
from core.server.limits import Settings

PRESET = "cnn-16-36"
_EPOCHS, _TURNS = 6, 2
_MOST = 1.03
_LOOK_SECONDS, _MOST_SECONDS = 0.05, 600.0


def cost(setting: Setting) -> Measurement:
    """From submitting a run to its end; a worker has all cores in both, and no process waits ready."""
    here, there = list[float](), list[float]()
    epochs = 2 if setting.quick else _EPOCHS
    local = Settings(threads=cores(), warm_worker=False)
    folder = setting.folder / "ray-cost"
    folder.mkdir()
    with RayNodes(folder) as nodes:
        nodes.add("node", cores())
        with patch.dict(os.environ, DIGIT_LAB_RAY=nodes.address, DIGIT_LAB_RAY_CPUS=str(cores())):
            for turn in range(setting.turns(full=_TURNS, quick=1)):
                here.append(_trained(setting, folder / f"here-{turn}", local, epochs))
                remote = replace(local, ray=nodes.address, ray_cpus=cores())
                there.append(_trained(setting, folder / f"there-{turn}", remote, epochs))
    name = f"{PRESET}, epochs: {epochs}: submitted to finished, on a Ray node of this machine"
    return Measurement.of(name, "s", there, here, against="its own queue", times=_MOST)


def _trained(setting: Setting, runs: Path, settings: Settings, epochs: int) -> float:
    """Seconds from submitting a run to its end; raises RuntimeError if it does not finish."""
    store = RunStore(runs, runs / "none")
    runs.mkdir()
    queue = queue_for(store, settings)
    queue.watch(interval=_LOOK_SECONDS)
    try:
        if settings.ray:
            _await_node(queue, store)
        began = time.monotonic()
        config = preset_for(PRESET, setting.dataset).replace(dataset=setting.dataset, epochs=epochs)
        run = queue.submit(config)
        while (state := store.find(run).status.state) != "finished":
            if state in ("failed", "stopped", "interrupted") or time.monotonic() - began > _MOST_SECONDS:
                raise RuntimeError(f"the run of {PRESET} is {state}")
            time.sleep(_LOOK_SECONDS)
        return time.monotonic() - began
    finally:
        queue.close()
        if found := read_overview(store.runs_dir):
            process = psutil.Process(found.owner.pid)
            process.kill()
            process.wait(10)


def _await_node(queue: Queue, store: RunStore) -> None:
    """Wait until the process for the cluster has its node; raises RuntimeError if it finds none."""
    deadline = time.monotonic() + _MOST_SECONDS
    while not ((found := read_overview(store.runs_dir)) and any(node.slots for node in found.nodes)):
        if time.monotonic() > deadline:
            raise RuntimeError("Ray has no node that trains")
        queue.tick()
        time.sleep(_LOOK_SECONDS)
