"""An agent without Ray: it trains with a real process, which ends with it."""

import os
import subprocess
import sys
import tempfile

import numpy as np
import psutil
import pytest

from core import child_process
from core.cluster.agent import Agent, Assignment, _own_folder
from core.cluster.mirror import Mirror
from core.places import ROOT
from core.queue.queue import Queue
from core.runs.store import RunStore
from core.text import Message
from tests.core.training.conftest import wait_until
from tests.faults.evidence import rows
from tests.faults.server import QUICK


@pytest.fixture
def agent(monkeypatch):
    """An agent whose worker has no Keras."""
    command = child_process.command
    quick = "tests.faults.quick_worker"
    monkeypatch.setattr(child_process, "command", lambda _, *given: command(quick, *given))
    monkeypatch.setenv("BATCH_SECONDS", "0.01")
    made = Agent()
    yield made
    made.end()


@pytest.fixture
def run(make_run):
    folder = make_run("starting")
    folder.write_manifest(type(folder.manifest())("quick", 0, QUICK.replace(epochs=4)))
    return folder


def assignment(run):
    config = run.manifest().config
    return Assignment(run.id, config.dataset, config.data.digest, threads=1)


def follow(agent, mirror):
    """The worker's exit code, once all that it wrote is here."""
    found = []

    def ended():
        news = agent.sync({})
        mirror.take(news.changes, "a")
        found.append(news.code)
        return news.code is not None

    wait_until(ended)
    return found[-1]


def test_a_run_trains_on_the_node_and_its_mirror_is_a_run_like_any_other(agent, run):
    mirror = Mirror(run)
    agent.begin(assignment(run), mirror.to_begin_with(), None)
    assert follow(agent, mirror) == 0
    status = run.status()
    assert (status.state, status.epoch, status.owner) == ("finished", 4, None)
    assert [row[0] for row in rows(run)] == [1, 2, 3, 4]
    assert (run.path / "model.tflite").exists()
    agent.end()
    assert agent.attach({}) is False


def test_requests_reach_the_worker_once(agent, run, monkeypatch):
    monkeypatch.setenv("BATCH_SECONDS", "0.1")
    mirror = Mirror(run)
    agent.begin(assignment(run), mirror.to_begin_with(), None)

    def taken():
        mirror.take(agent.sync({}).changes, "a")
        return run.status().state == "training" and run.status().batch

    wait_until(taken)
    run.control.ask("learning_rate", 0.01)
    requests = {path.name: path.read_bytes() for path in run.control.files()}
    for _ in range(2):
        # as after an answer that was lost
        agent.sync(requests)
    wait_until(lambda: taken() and run.status().rate_by_hand == 0.01)
    # it responds, so it is not ended
    agent.sync({"00000000000000000008-end.json": b'{"command": "end", "value": null}'})
    agent.sync({"00000000000000000009-stop.json": b'{"command": "stop", "value": null}'})
    assert follow(agent, mirror) == 0
    assert run.status().state == "stopped"


def test_a_run_goes_on_with_another_agent_from_its_last_epoch(agent, run, make_run):
    undisturbed = make_run("starting")
    undisturbed.write_manifest(run.manifest())
    agent.begin(assignment(undisturbed), Mirror(undisturbed).to_begin_with(), None)
    follow(agent, Mirror(undisturbed))

    mirror = Mirror(run)
    agent.begin(assignment(run), mirror.to_begin_with(), None)

    def two_epochs():
        mirror.take(agent.sync({}).changes, "a")
        return run.status().epoch >= 2

    wait_until(two_epochs)
    agent.end()
    agent.begin(assignment(run), mirror.to_begin_with(), None)
    assert follow(agent, mirror) == 0
    assert run.status().state == "finished"
    assert np.allclose(rows(run), rows(undisturbed), rtol=1e-3, atol=0)


def test_a_worker_that_is_killed_leaves_its_run_to_be_resumed(agent, run):
    mirror = Mirror(run)
    agent.begin(assignment(run), mirror.to_begin_with(), None)
    agent._process.kill()
    assert follow(agent, mirror) != 0
    assert run.status().state == "failed"
    assert run.status().message == Message("runs.worker_gone", code=-9)


@pytest.mark.parametrize("by_hand", [True, False], ids=["by-hand", "after-a-minute"])
def test_a_hanging_worker_is_told_and_ended_and_its_run_says_so(agent, run, monkeypatch, by_hand):
    monkeypatch.setattr("core.runs.reporter.HEARTBEAT_SECONDS", 0.1)
    monkeypatch.setenv("BATCH_SECONDS", "0.1")
    mirror = Mirror(run)
    agent.begin(assignment(run), mirror.to_begin_with(), None)

    def trains():
        mirror.take(agent.sync({}).changes, "a")
        return run.status().state == "training"

    wait_until(trains)
    psutil.Process(agent._process.pid).suspend()
    # not before, since on a busy machine a worker that starts may be silent for longer
    for module in ("runs.status", "cluster.agent", "cluster.mirror"):
        monkeypatch.setattr(f"core.{module}.HANG_SECONDS", 0.3)

    def hangs():
        news = agent.sync({})
        mirror.take(news.changes, "a", news.silence)
        return run.status().hangs()

    wait_until(hangs)
    status = run.status()
    assert (status.state, status.message) == ("training", None)
    assert status.owner.silence() > 0.3
    if by_hand:
        Queue(RunStore(run.path.parent, run.path.parent / "none")).end(run.id)
        news = agent.sync({path.name: path.read_bytes() for path in run.control.files()})
        mirror.take(news.changes, "a")
    else:
        monkeypatch.setattr("core.cluster.agent.PATIENCE_SECONDS", 0.3)
    assert follow(agent, mirror) == -9
    status = run.status()
    message = "faults.ended" if by_hand else "cluster.hung"
    assert (status.state, status.owner, status.message.key) == ("interrupted", None, message)


def test_a_worker_ends_with_its_agent(run, tmp_path, monkeypatch):
    (tmp_path / "disk").mkdir()
    program = (
        "import sys, time; from pathlib import Path; from core.cluster.agent import Agent, Assignment\n"
        "from core.cluster.mirror import Mirror; from core.runs.folder import RunFolder\n"
        "run = RunFolder(Path(sys.argv[1])); config = run.manifest().config; agent = Agent()\n"
        "given = Assignment(run.id, config.dataset, config.data.digest, 1)\n"
        "agent.begin(given, Mirror(run).to_begin_with(), None)\n"
        "print(agent._process.pid, flush=True); time.sleep(600)\n"
    )
    command = [sys.executable, "-c", program, str(run.path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "disk")}
    agent = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    worker = psutil.Process(int(agent.stdout.readline()))
    agent.kill()
    agent.communicate()
    wait_until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
    # the next agent on this disk removes what it left
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "disk"))
    assert len(list((tmp_path / "disk").iterdir())) == 1
    mine = _own_folder()
    assert list((tmp_path / "disk").iterdir()) == [mine]


def test_sync_before_begin_is_an_error():
    with pytest.raises(RuntimeError):
        Agent().sync({})
