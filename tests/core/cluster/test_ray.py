"""Runs on two real nodes of Ray on this machine, one of which is killed, and a dispatcher that is killed."""

import os
import subprocess
import sys
import threading
from importlib.util import find_spec

import psutil
import pytest

from benchmarks.ray_nodes import RayNodes
from core.cluster.keeper import queue_for
from core.cluster.overview import read_overview
from core.config.run import RunConfig
from core.places import ROOT
from core.queue.permissions import Access
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.store import RunStore
from core.runs.terms import Terms
from core.server.limits import Settings
from core.sweeps.driver import Driver
from core.sweeps.folder import SweepFolder
from tests.brought import bring
from tests.core.sweeps.conftest import a_sweep
from tests.core.training.conftest import wait_until
from tests.faults.evidence import rows, same_end
from tests.faults.server import QUICK

QUICK_TRAINING = str(ROOT / "tests/e2e/quick_training")
pytestmark = [
    pytest.mark.skipif(
        find_spec("ray") is None, reason="Ray is not installed: pip install -r requirements-cluster.txt"
    ),
    pytest.mark.skipif(sys.platform == "win32", reason="Ray makes no cluster of several nodes on Windows."),
]


@pytest.fixture
def make_nodes(tmp_path):
    made = []

    def make(**environment):
        made.append(RayNodes(tmp_path, **environment))
        return made[-1]

    yield make
    for nodes in made:
        nodes.close()


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """Makes the queue of a server whose runs train on these nodes; the process for the cluster ends with the test."""
    runs_dir = tmp_path / "runs"
    runs_dir.mkdir()

    def make(nodes):
        monkeypatch.setenv("DIGIT_LAB_RAY", nodes.address)
        monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        store = RunStore(runs_dir, tmp_path / "shipped")
        queue = queue_for(store, Settings(ray=nodes.address))
        queue.watch(interval=0.2)
        queues.append(queue)
        return queue, store

    queues = []
    yield make
    for queue in queues:
        queue.close()
    if found := read_overview(runs_dir):
        dispatcher = psutil.Process(found.owner.pid)
        dispatcher.kill()
        # it is a child of the tests
        dispatcher.wait(10)


def node_of(store, run):
    found = read_overview(store.runs_dir)
    return found.places[run].node if found and run in found.places else ""


def state(store, run):
    return store.find(run).status.state


def epochs(store, run):
    return len(CurveReader(store.find(run).folder.epochs_csv, EPOCH_COLUMNS).read())


def test_a_run_goes_on_when_its_node_is_killed_and_its_dispatcher_too(make_nodes, serve, undisturbed):
    nodes = make_nodes(PYTHONPATH=os.pathsep.join((QUICK_TRAINING, str(ROOT))), BATCH_SECONDS="0.1")
    nodes.add("a")
    queue, store = serve(nodes)
    run = queue.submit(QUICK)
    wait_until(lambda: epochs(store, run) >= 2, 120)
    assert node_of(store, run) == "a"
    nodes.add("b")
    nodes.kill("a")
    wait_until(lambda: node_of(store, run) == "b" and state(store, run) == "training", 120)
    dispatcher = psutil.Process(read_overview(store.runs_dir).owner.pid)
    dispatcher.kill()
    folder = store.find(run).folder
    # which changes nothing in a run that is not paused
    folder.control.ask("resume")
    wait_until(lambda: state(store, run) == "finished", 120)
    assert not folder.control.pending
    same_end(folder, undisturbed)
    assert folder.log.read_text(encoding="utf-8").count("trains this run") == 2


@pytest.mark.slow
def test_six_runs_on_two_nodes_of_which_one_is_killed_all_end_once_with_their_curves(make_nodes, serve):
    config = RunConfig(dataset="mnist-5k", epochs=6, validation="last-20", optimizer="adam", weight_averaging=True)
    nodes = make_nodes()
    for name in "ab":
        nodes.add(name)
    queue, store = serve(nodes)
    runs = [queue.submit(config.replace(seed=1 + number // 2)) for number in range(6)]
    wait_until(lambda: any(node_of(store, run) == "b" and epochs(store, run) >= 2 for run in runs), 120)
    (moved,) = [run for run in runs if node_of(store, run) == "b"]
    nodes.kill("b")
    wait_until(lambda: all(state(store, run) == "finished" for run in runs), 300)
    folders = [store.find(run).folder for run in runs]
    assert [len(rows(folder)) for folder in folders] == [6] * 6
    started = {folder.id: folder.log.read_text(encoding="utf-8").count("trains this run") for folder in folders}
    assert started == {run: 2 if run == moved else 1 for run in runs}
    # each seed twice, so that the one which moved has a twin that was left alone
    for one, other in zip(folders[::2], folders[1::2], strict=True):
        same_end(one, other)


@pytest.mark.slow
def test_a_sweep_trains_on_all_nodes_at_once(make_nodes, serve):
    nodes = make_nodes(PYTHONPATH=os.pathsep.join((QUICK_TRAINING, str(ROOT))), BATCH_SECONDS="0.3")
    for name in "ab":
        nodes.add(name)
    queue, store = serve(nodes)
    folder = SweepFolder.create(store, a_sweep(trials=4, sampler="tpe"))
    driver = Driver(folder, store, queue, Access.of(store, queue, Settings(), Terms()))
    thread = threading.Thread(target=driver.run)
    thread.start()
    wait_until(lambda: {node_of(store, run.id) for run in store.runs() if run.status.state == "training"} == {"a", "b"})
    thread.join(120)
    assert [trial.state for trial in folder.trials()] == ["complete"] * 4
    assert len(store.runs()) == 4


@pytest.mark.slow
def test_pause_rate_and_stop_reach_a_real_run_whose_data_was_sent_to_the_node(make_nodes, serve, tmp_path, monkeypatch):
    nodes = make_nodes()
    nodes.add("a")
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    described = bring(tmp_path / "data", "leaves")
    queue, store = serve(nodes)
    run = queue.submit(RunConfig(dataset="leaves", epochs=900))
    wait_until(lambda: state(store, run) == "training" and epochs(store, run), 120)
    folder = RunFolder(store.runs_dir / run)
    folder.control.ask("pause")
    wait_until(lambda: state(store, run) == "paused")
    folder.control.ask("learning_rate", 0.0005)
    folder.control.ask("resume")
    wait_until(lambda: store.find(run).status.rate_by_hand == 0.0005 and state(store, run) == "training")
    folder.control.ask("stop")
    wait_until(lambda: state(store, run) == "stopped")
    assert (folder.path / "model.tflite").exists()
    assert (tmp_path / "cache-a/brought" / described.digest / "leaves/about.json").exists()


PLACES = """
import sys, time
from core.cluster.connection import Connection, Demand
connection = Connection(sys.argv[1], "places")
ids = {node.name: node.id for node in connection.nodes()}
for number, names in enumerate(("a", "b", "ab")):
    agent = connection.start(f"run-{number}", Demand(1, 0, 1), without=[ids[name] for name in names])
    call, until = connection.call(agent, "node"), time.monotonic() + (30 if len(names) == 1 else 3)
    while not call.ready() and time.monotonic() < until:
        time.sleep(0.05)
    print(next((name for name, known in ids.items() if call.ready() and known == call.answer()), "nowhere"))
    connection.kill(f"run-{number}")
connection.close()
"""


@pytest.mark.slow
def test_ray_places_no_agent_on_a_node_that_cannot_train(make_nodes):
    nodes = make_nodes()
    nodes.add("a")
    nodes.add("b")
    command = [sys.executable, "-c", PLACES, nodes.address]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ended.stdout.split() == ["b", "a", "nowhere"], ended.stderr
