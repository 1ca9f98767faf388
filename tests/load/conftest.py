"""A server with a run that trains on it, and how to wait for both."""

import time
from dataclasses import dataclass

import pytest

from benchmarks.serving import APP, serving
from benchmarks.watchers import watch
from core.config.presets import PRESETS
from core.queue.queue import Queue
from core.runs.status import RESUMABLE
from core.runs.store import RunStore

WINDOWS = 8


@dataclass(frozen=True)
class Live:
    """A server, and the folder of the run that trains on it."""

    server: object
    folder: object

    @property
    def query(self):
        return f"run={self.folder.id}"


def eventually(check, seconds):
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "It did not come about in time."
        time.sleep(0.1)


@pytest.fixture
def live(tmp_path):
    """A real training that outlasts every test, started by the server itself and seen by a first visitor."""
    store = RunStore(tmp_path / "runs")
    run_id = Queue(store).submit(PRESETS["lenet-20-50"].replace(dataset="mnist-5k", epochs=1000))
    folder = store.find(run_id).folder
    with serving(APP, tmp_path, store.runs_dir) as server:
        live = Live(server, folder)
        # the queue's thread starts with the first visit
        watch(server.address, live.query, watchers=1, seconds=1)
        eventually(lambda: _windows(folder) >= WINDOWS or folder.status().state in RESUMABLE, seconds=240)
        assert folder.status().state == "training", folder.log_tail()
        watch(server.address, live.query, watchers=1, seconds=3)
        yield live


def _windows(folder):
    return folder.batches_csv.read_text().count("\n") - 1 if folder.batches_csv.exists() else 0
