"""Where attacks are tried, and a server without pages whose processes can be hurt."""

import json
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.launcher import Launcher
from core.runs.queue import Queue
from core.runs.store import ROOT, RunStore
from core.settings import Settings
from tests.core.training.conftest import wait_until

ENDED = frozenset({"finished", "stopped", "failed", "interrupted"})


class QuickLauncher:
    """Starts the worker without Keras."""

    def __init__(self):
        self.environment = {}

    def launch(self, folder):
        with folder.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.faults.quick_worker", str(folder.path.absolute())],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def tend(self, *, busy):
        """It keeps no process ready."""


class Server:
    """A queue as a server has it, that looks at its runs when it is told to; `worker` is its last process."""

    def __init__(self, runs_dir, *, real=False):
        self.store = RunStore(runs_dir, runs_dir.parent / "shipped")
        self.launcher = Launcher(Settings(warm_worker=False)) if real else QuickLauncher()
        self.queue = Queue(self.store, launcher=self)
        self.started = []

    def launch(self, folder):
        self.started.append((folder.id, self.launcher.launch(folder)))
        return self.worker

    def tend(self, *, busy):
        self.launcher.tend(busy=busy)

    @property
    def worker(self):
        return self.started[-1][1]

    def submit(self, config):
        return RunFolder(self.store.runs_dir / self.queue.submit(config))

    def status(self, folder):
        self.queue.tick()
        return self.store.find(folder.id).status

    def train(self, config, seconds=120):
        """The folder of a run that was left alone to its end."""
        folder = self.submit(config)
        self.await_end(folder, seconds)
        return folder

    def await_end(self, folder, seconds=120):
        """Until the run and its process have ended."""
        wait_until(lambda: self.status(folder).state in ENDED, seconds)
        self.worker.wait(seconds)
        self.queue.tick()

    def begun(self, config, seconds=60):
        """The folder of a run that its process trains."""
        folder = self.submit(config)
        wait_until(lambda: self.status(folder).state == "training", seconds)
        return folder

    def close(self):
        for _, worker in self.started:
            if worker.poll() is None:
                # one that is stopped dies too
                worker.kill()
            worker.wait()


@pytest.fixture
def runs_dir(tmp_path):
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


@pytest.fixture
def make_server(runs_dir):
    servers = []

    def make(folder=runs_dir, *, real=False):
        servers.append(Server(folder, real=real))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


def rows(folder):
    """The rows of epochs.csv without the seconds that each took."""
    return [row[:-1] for row in CurveReader(folder.epochs_csv, EPOCH_COLUMNS).read()]


def resume_point(folder):
    """The epoch to go on from, 0 where there is none; every number in it can be read."""
    path = folder.path / "checkpoints" / "resume.weights.h5"
    if not path.exists():
        return 0
    assert numbers(path) > 0
    with h5py.File(path) as file:
        return json.loads(file.attrs["digit_lab"])["epoch"]


def numbers(path):
    """How many finite numbers an HDF5 file holds."""
    found = []
    with h5py.File(path) as file:
        file.visititems(lambda _, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None)
    assert all(np.isfinite(values).all() for values in found)
    return sum(np.size(values) for values in found)


def drafts(folder):
    """What processes have begun to write and not finished."""
    return [path.name for path in folder.path.rglob(".*")]
