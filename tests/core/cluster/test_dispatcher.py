"""Which run starts where and when, and what becomes of runs whose node, dispatcher or cluster is gone."""

import json
import shutil
import time

import pytest

from core.cluster.dispatcher import Dispatcher
from core.cluster.overview import read_overview
from core.config.run import RunConfig
from core.errors import DigitLabError
from core.queue.queue import Queue
from core.runs.curves import CurveReader
from core.runs.folder import EPOCH_COLUMNS
from core.runs.status import Status
from core.runs.terms import Terms
from core.server.limits import Settings
from core.text import Message
from tests.core.cluster.pretended import PretendedCluster, PretendedNode
from tests.core.sweeps.pretended import Threads

CONFIG = RunConfig(dataset="mnist-5k", epochs=4)


@pytest.fixture
def queue(store):
    return Queue(store, launcher=Threads())


@pytest.fixture
def cluster(tmp_path):
    return PretendedCluster(tmp_path / "nodes", PretendedNode("a"), PretendedNode("b"))


@pytest.fixture
def dispatch(monkeypatch):
    """Steps of one dispatcher after another, until a condition holds."""
    monkeypatch.setattr("core.cluster.dispatcher.TICK_SECONDS", 0.0)
    monkeypatch.setattr("core.cluster.dispatcher.FULL_TICK_SECONDS", 0.0)
    monkeypatch.setattr("core.cluster.dispatcher._SHOW_SECONDS", 0.0)
    monkeypatch.setattr("core.cluster.pool.LOOK_SECONDS", 0.0)
    monkeypatch.setattr("core.cluster.remote_run.SYNC_SECONDS", 0.0)
    monkeypatch.setattr("core.cluster.remote_run._AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("core.cluster.remote_run._BEAT_SECONDS", 0.0)

    def until(dispatcher, condition, seconds=120):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            dispatcher.step()
            time.sleep(0.002)

    return until


@pytest.fixture
def start(store, cluster):
    return lambda connect=cluster, **settings: Dispatcher(
        store, Settings(ray="auto", warm_worker=False, **settings), connect=connect
    )


@pytest.fixture
def state(store):
    return lambda run: store.find(run).status.state


def submit(queue, count=1):
    return [queue.submit(CONFIG.replace(seed=seed)) for seed in range(1, count + 1)]


def epochs(store, run):
    return [int(row[0]) for row in CurveReader(store.find(run).folder.epochs_csv, EPOCH_COLUMNS).read()]


def test_six_runs_train_on_two_nodes_in_their_order_each_once(dispatch, start, queue, cluster, store, state):
    runs = submit(queue, 6)
    # a run has finished a moment before its agent ends
    dispatch(start(), lambda: all(state(run) == "finished" for run in runs) and not cluster.agents)
    assert cluster.starts == runs
    assert all(epochs(store, run) == [1, 2, 3, 4] for run in runs)


def test_what_waits_can_be_moved_and_cancelled(dispatch, start, queue, cluster, state):
    runs, dispatcher = submit(queue, 5), start()
    dispatch(dispatcher, lambda: len(cluster.starts) == 2)
    queue.move(runs[4], -2)
    queue.cancel(runs[2])
    dispatch(dispatcher, lambda: all(state(run) in ("finished", "stopped") for run in runs))
    assert cluster.starts == [runs[0], runs[1], runs[4], runs[3]]


def test_a_run_whose_node_dies_goes_on_elsewhere_with_the_same_curve(dispatch, start, queue, cluster, store, state):
    (run,), dispatcher = submit(queue), start()
    cluster.pause = 0.3
    dispatch(dispatcher, lambda: len(epochs(store, run)) >= 2)
    cluster.agents[run]["node"].lives = False
    dispatch(dispatcher, lambda: state(run) == "finished")
    assert cluster.starts == [run]
    rows = CurveReader(store.find(run).folder.epochs_csv, EPOCH_COLUMNS).read()
    again = submit(queue)[0]
    dispatch(dispatcher, lambda: state(again) == "finished")
    assert rows == CurveReader(store.find(again).folder.epochs_csv, EPOCH_COLUMNS).read()


def test_a_paused_run_whose_node_dies_is_paused_elsewhere(dispatch, start, queue, cluster, store, state, tmp_path):
    run, dispatcher = queue.submit(CONFIG.replace(epochs=40)), start()
    dispatch(dispatcher, lambda: state(run) == "training")
    store.find(run).folder.control.ask("pause")
    dispatch(dispatcher, lambda: state(run) == "paused")
    first = cluster.agents[run]["node"]
    first.lives = False

    def is_paused_elsewhere(*names):
        owner = store.find(run).status.owner
        return state(run) == "paused" and owner is not None and owner.host.removeprefix("node:") in names

    dispatch(dispatcher, lambda: is_paused_elsewhere(*{"a", "b"} - {first.name}))
    other = PretendedCluster(tmp_path / "other", PretendedNode("c"))
    again = start(other)
    dispatch(again, lambda: is_paused_elsewhere("c"))
    store.find(run).folder.control.ask("resume")
    dispatch(again, lambda: state(run) == "finished")
    assert epochs(store, run) == list(range(1, 41))


def test_without_another_node_it_waits_says_how_long_and_can_be_stopped(dispatch, start, queue, cluster, store, state):
    (run,), dispatcher = submit(queue), start()
    cluster.pause = 0.3
    dispatch(dispatcher, lambda: epochs(store, run))
    for node in cluster.members:
        node.lives = False
    dispatch(dispatcher, lambda: state(run) == "starting" and store.find(run).status.owner.host == "node:")
    dispatcher._remote[store.find(run).folder.path].waits_since -= 70
    dispatch(dispatcher, lambda: (store.find(run).status.message or Message("job.left")).key == "cluster.no_node")
    assert store.find(run).status.message.values["seconds"] >= 70
    assert read_overview(store.runs_dir).places[run].waits_since
    store.find(run).folder.control.ask("stop")
    dispatch(dispatcher, lambda: state(run) == "stopped")
    assert not cluster.agents
    queue.resume(run)
    cluster.members.append(PretendedNode("c"))
    dispatch(dispatcher, lambda: state(run) == "finished")
    assert epochs(store, run) == [1, 2, 3, 4]


def test_a_run_that_loses_node_after_node_fails(dispatch, start, queue, cluster, store, state):
    (run,), dispatcher = submit(queue), start()
    cluster.pause = 60

    def next_dies():
        for node in cluster.members:
            node.lives = not node.agents
        cluster.members[:] = [node for node in cluster.members if node.lives] or [PretendedNode("c")]
        return state(run) == "failed"

    dispatch(dispatcher, next_dies)
    assert store.find(run).status.message.key == "cluster.lost"


def test_a_dispatcher_that_dies_is_followed_by_one_that_finds_its_runs(dispatch, start, queue, cluster, store, state):
    runs, first = submit(queue, 3), start()
    cluster.pause = 0.3
    dispatch(first, lambda: all(state(run) == "training" for run in runs[:2]) and epochs(store, runs[0]))
    # it gets no message, as if it were killed
    del first
    second = start()
    dispatch(second, lambda: all(state(run) == "finished" for run in runs))
    assert cluster.starts == runs
    assert all(epochs(store, run) == [1, 2, 3, 4] for run in runs)


def test_what_a_new_cluster_does_not_know_waits_again(dispatch, start, queue, cluster, store, state, tmp_path):
    runs, first = submit(queue, 2), start(cluster)
    cluster.pause = 0.3
    dispatch(first, lambda: all(epochs(store, run) for run in runs))
    other = PretendedCluster(tmp_path / "other", PretendedNode("c", slots=2))
    dispatch(start(other), lambda: all(state(run) == "finished" for run in runs))
    assert sorted(other.starts) == sorted(runs)
    assert all(epochs(store, run) == [1, 2, 3, 4] for run in runs)


def test_a_run_that_ended_meanwhile_gives_its_node_back(dispatch, start, queue, cluster, store, state):
    (run,), first = submit(queue), start()
    dispatch(first, lambda: state(run) == "training")
    store.find(run).folder.write_status(Status(state="stopped"))
    second = start()
    second.step()
    assert not cluster.agents
    assert state(run) == "stopped"


def test_a_node_with_another_version_gets_no_run_and_is_shown_with_the_reason(dispatch, start, queue, cluster, store):
    cluster.members[:] = [PretendedNode("old", Keras="3.1.0"), PretendedNode("new")]
    run, dispatcher = submit(queue)[0], start()
    dispatch(dispatcher, lambda: store.find(run).status.state == "finished")
    shown = {node.name: node for node in read_overview(store.runs_dir).nodes}
    assert (shown["old"].slots, shown["new"].slots, shown["new"].problem) == (0, 1, None)
    assert "Keras 3.1.0" in str(shown["old"].problem)


def test_with_no_other_node_the_run_waits_with_the_reason_and_can_be_sent_here(
    dispatch, start, queue, cluster, store, state
):
    cluster.members[:] = [PretendedNode("old", **{"Digit Lab": "another"})]
    run, dispatcher = submit(queue)[0], start()
    dispatcher._local = Threads()

    def problem():
        shown = read_overview(store.runs_dir)
        return shown.problem if shown else None

    dispatch(dispatcher, lambda: problem() is not None)
    assert problem() == Message("cluster.other_product", node="old")
    assert state(run) == "queued"
    queue.send_here(run)
    dispatch(dispatcher, lambda: state(run) == "finished")
    assert epochs(store, run) == [1, 2, 3, 4]


def test_an_unreachable_cluster_is_reported_and_tried_again(dispatch, start, queue, cluster, store, state):
    def unreachable(address, _):
        raise DigitLabError("cluster.unreachable", address=address, reason="Connection refused")

    run, dispatcher = submit(queue)[0], start(unreachable)
    dispatch(dispatcher, lambda: read_overview(store.runs_dir))
    assert read_overview(store.runs_dir).problem.key == "cluster.unreachable"
    assert state(run) == "queued"
    dispatcher._connect, dispatcher._next_attempt = cluster, 0.0
    dispatch(dispatcher, lambda: state(run) == "finished")


def test_it_is_reported_if_no_node_is_large_enough(dispatch, start, queue, store, state):
    run, dispatcher = submit(queue)[0], start(ray_cpus=64)
    dispatch(dispatcher, lambda: getattr(read_overview(store.runs_dir), "problem", None))
    assert read_overview(store.runs_dir).problem.key == "cluster.too_small"
    assert state(run) == "queued"
    assert read_overview(store.runs_dir).full_since == pytest.approx(time.time(), abs=30)


def test_requests_reach_a_run_on_a_node(dispatch, start, queue, cluster, store, state):
    # epochs for longer than the test takes
    run, dispatcher = queue.submit(CONFIG.replace(epochs=1000)), start()
    dispatch(dispatcher, lambda: state(run) == "training")
    folder, agent = store.find(run).folder, cluster.agents[run]["agent"]
    folder.control.ask("learning_rate", 0.01)
    dispatch(dispatcher, lambda: not folder.control.pending)
    agent.silence = 13.0
    dispatch(dispatcher, lambda: store.find(run).status.hangs())
    queue.end(run)
    dispatch(dispatcher, lambda: not folder.control.pending)
    agent.silence = 0.0
    folder.control.ask("stop")
    dispatch(dispatcher, lambda: state(run) == "stopped")
    asked = [json.loads(content)["command"] for content in agent.requests.values()]
    assert asked == ["learning_rate", "end", "stop"]


def test_a_run_beyond_its_time_is_ended_on_its_node(dispatch, start, queue, cluster, store, state, monkeypatch):
    monkeypatch.setattr("core.queue.queue.GRACE_SECONDS", 0.2)
    cluster.pause = 60
    run, dispatcher = queue.submit(CONFIG, terms=Terms("x" * 64, 0.2)), start()
    dispatch(dispatcher, lambda: state(run) == "stopped")
    assert store.find(run).status.message.key == "sharing.timed_out"
    assert not cluster.agents


def test_it_is_idle_once_nothing_trains_or_waits(dispatch, start, queue, state):
    run, dispatcher = submit(queue)[0], start()
    dispatcher.step()
    assert not dispatcher.idle
    dispatch(dispatcher, lambda: state(run) == "finished")
    dispatch(dispatcher, lambda: dispatcher.idle)


def test_a_deleted_folder_of_runs_ends_only_the_training(dispatch, start, queue, cluster, store, state):
    (run,), dispatcher = submit(queue), start()
    cluster.pause = 60
    dispatch(dispatcher, lambda: state(run) == "training")
    shutil.rmtree(store.find(run).folder.path)
    dispatch(dispatcher, lambda: not cluster.agents)
