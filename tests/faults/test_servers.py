"""Servers that are killed while runs train and wait, and two servers on one folder."""

import random
import subprocess
import sys
import time

import psutil
import pytest

from core.places import ROOT
from core.queue.queue import Queue
from core.runs.folder import RunFolder
from core.runs.status import ACTIVE
from core.runs.store import RunStore
from tests.core.training.conftest import wait_until
from tests.faults.evidence import drafts, rows
from tests.faults.server import ENDED, QUICK

CONFIG = QUICK.replace(epochs=8)


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir, runs_dir.parent / "shipped")


@pytest.fixture
def serve(runs_dir, store, monkeypatch):
    """Starts a server as a separate process."""
    # a run then trains for about half a second
    monkeypatch.setenv("BATCH_SECONDS", "0.01")
    started = []

    def start(dies=""):
        command = [sys.executable, "-m", "tests.faults.server_process", str(runs_dir), dies]
        started.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE))
        assert started[-1].stdout.readline() == b"ready\n"
        return started[-1]

    yield start
    for server in started:
        server.kill()
        server.communicate()
    for run in store.runs():
        if run.status.owner and run.status.owner.lives():
            psutil.Process(run.status.owner.pid).kill()


@pytest.fixture
def submit(store):
    return lambda: RunFolder(store.runs_dir / Queue(store).submit(CONFIG))


def workers(folder):
    """The number of processes that have trained the run."""
    return folder.log.read_text(encoding="utf-8").count("trains this run")


def trains(folder):
    status = folder.status()
    return status.state in ACTIVE and status.owner.beat is not None


def at_once(store):
    """The number of runs that train at the same time: of those that train at the first look, those that still do."""
    training = [run.folder for run in store.runs() if trains(run.folder)]
    return sum(trains(folder) for folder in training)


def finish(folders, store):
    """Wait until all have ended; returns the largest number that trained at the same time."""
    most = 0

    def ended():
        nonlocal most
        most = max(most, at_once(store))
        return all(folder.status().state in ENDED for folder in folders)

    wait_until(ended, 120)
    return most


def test_two_servers_on_one_folder_train_each_run_once(serve, submit, store):
    serve(), serve()
    folders = [submit() for _ in range(4)]
    assert finish(folders, store) == 1
    for folder in folders:
        assert folder.status().state == "finished"
        assert workers(folder) == 1
        assert rows(folder) == rows(folders[0])
        assert [row[0] for row in rows(folder)] == list(range(1, CONFIG.epochs + 1))


@pytest.mark.slow  # one more moment of those below
def test_a_run_trains_on_while_its_server_is_killed_and_replaced(serve, submit, store):
    server, folders = serve(), [submit(), submit()]
    wait_until(lambda: rows(folders[0]))
    server.kill()
    server.wait()
    seen = len(rows(folders[0]))
    serve()
    wait_until(lambda: len(rows(folders[0])) > seen)
    assert finish(folders, store) == 1
    assert [(folder.status().state, workers(folder)) for folder in folders] == 2 * [("finished", 1)]


def test_a_run_whose_server_is_killed_before_its_worker_starts_is_interrupted(serve, submit, store):
    server, folders = serve(dies="before"), [submit(), submit()]
    server.wait(30)
    assert folders[0].status().state == "interrupted"
    serve()
    assert finish(folders, store) == 1
    assert [folder.status().state for folder in folders] == ["interrupted", "finished"]
    Queue(store).resume(folders[0].id)
    finish(folders, store)
    assert [(folder.status().state, workers(folder)) for folder in folders] == 2 * [("finished", 1)]


def test_a_worker_whose_server_is_killed_right_after_its_start_trains_on(serve, submit):
    server, folder = serve(dies="after"), submit()
    server.wait(30)
    # until the worker owns the run, it has no living owner
    wait_until(lambda: folder.status().state == "finished")
    assert workers(folder) == 1


def test_runs_survive_servers_killed_at_any_moment(serve, submit, store, times):
    """A server killed while it starts a worker may leave a run interrupted; it can be resumed."""
    moments, folders = random.Random(12), [submit() for _ in range(times(4, 80))]
    for _ in range(times(4, 120)):
        server = serve()
        time.sleep(moments.uniform(0, 0.6))
        server.kill()
        server.wait()
    serve()
    finish(folders, store)
    for folder in folders:
        if folder.status().state == "interrupted":
            assert rows(folder) == []
            Queue(store).resume(folder.id)
    finish(folders, store)
    for folder in folders:
        assert folder.status().state == "finished"
        assert workers(folder) == 1
        assert rows(folder) == rows(folders[0])
        assert drafts(folder) == []
