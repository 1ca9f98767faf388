"""The load on a server whose runs train on a cluster: 1,000 runs in the queue, and more and more simulated nodes.

All nodes are on this machine and train nothing, so their starts take its processors too; the server's own processor
time, memory and messages are those of its process alone. And what it costs a real run to train on such a node.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measurement import Measurement
from benchmarks.ray_cost import cost
from benchmarks.ray_nodes import RayNodes
from benchmarks.setting import Setting
from benchmarks.stub_training import SECONDS
from core.config.presets import preset_for
from core.places import ROOT
from core.runs.folder import RunFolder
from core.runs.status import Status
from core.runs.store import RunStore

_SIZES, _QUEUED, _ENDED = (2, 8, 32), 1_000, 1_000
_MEASURED_SECONDS = 60.0
_RUN_SECONDS = 5.0
_STUBS = f"{ROOT / 'benchmarks/stub_path'}{os.pathsep}{ROOT}"


@dataclass(frozen=True, slots=True)
class _Server:
    """What `benchmarks.dispatching` printed."""

    seconds: float
    processor: float
    memory: float
    messages: int
    starts: list[float]

    @property
    def load(self) -> float:
        """The percentage of a core."""
        return 100 * self.processor / self.seconds

    @property
    def dispatched(self) -> float:
        """Runs started per second after the nodes were first filled."""
        return sum(moment >= 0 for moment in self.starts) / self.seconds


def cluster(setting: Setting) -> list[Measurement]:
    """Dispatch for a minute with each number of nodes, and with the second one again among a thousand ended runs."""
    rows = [cost(setting)]
    sizes = _SIZES[:2] if setting.quick else _SIZES
    for size in sizes:
        rows += _rows(f"{size} nodes", _served(setting, size, ended=0), size)
    again = sizes[1]
    return rows + _rows(f"{again} nodes, {_ENDED:,} ended runs", _served(setting, again, ended=_ENDED), again)


def _rows(name: str, server: _Server, nodes: int) -> list[Measurement]:
    per_message = 1_000 * server.processor / max(server.messages, 1)
    return [
        Measurement.of(f"{name}: runs dispatched per second", "", [server.dispatched]),
        Measurement.of(f"{name}: processor of the server, of one core", "%", [server.load]),
        Measurement.of(f"{name}: processor time per message", "ms", [per_message]),
        Measurement.of(f"{name}: messages per second and node", "", [server.messages / server.seconds / nodes]),
        Measurement.of(f"{name}: memory of the server's process", "MB", [server.memory]),
    ]


def _served(setting: Setting, nodes: int, *, ended: int) -> _Server:
    """A queue of 1,000 runs, dispatched to this many nodes; raises RuntimeError if that fails."""
    folder = setting.folder / f"cluster-{nodes}-{ended}"
    folder.mkdir()
    store = RunStore(folder / "runs", folder / "none")
    config = preset_for("mlp-512", setting.dataset).replace(dataset=setting.dataset)
    for _ in range(ended):
        RunFolder.create(store.runs_dir, config, Status(state="finished"))
    for place in range(_QUEUED):
        RunFolder.create(store.runs_dir, config, Status(state="queued", rank=float(place)))
    with RayNodes(folder, PYTHONPATH=_STUBS, **{SECONDS: str(_RUN_SECONDS)}) as cluster:
        for number in range(nodes):
            cluster.add(f"node-{number}")
        return _Server(**_dispatched(store.runs_dir, cluster.address))


def _dispatched(runs_dir: Path, address: str) -> Mapping[str, Any]:
    command = [sys.executable, "-m", "benchmarks.dispatching", str(runs_dir), address, str(_MEASURED_SECONDS)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    if ended.returncode:
        raise RuntimeError(ended.stderr.strip().rpartition("\n")[2])
    found: Mapping[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found
