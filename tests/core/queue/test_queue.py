"""The queue with real processes: order, one run at a time, dying workers, two servers."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.config.run import RunConfig
from core.errors import DigitLabError
from core.places import ROOT
from core.queue.queue import Queue
from core.queue.room import MachineRoom, ServersRoom, threads_each
from core.runs.beginning import Beginning
from core.runs.folder import RunFolder
from core.runs.manifest import Group
from core.runs.store import RunStore
from core.runs.terms import Terms
from core.server.limits import Settings
from tests.core.training.conftest import wait_until

STUB = Path(__file__).parent / "stub_worker.py"


@pytest.fixture
def launched():
    return []


class StubLauncher:
    """Starts stub workers and notes them and its own end."""

    def __init__(self, launched, *command):
        self.launched, self.command = launched, command

    def launch(self, folder):
        command = [sys.executable, *(self.command or (str(STUB), str(folder.path)))]
        worker = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
        self.launched.append((folder.id, worker))
        return worker

    def tend(self, *, busy):
        assert busy in (True, False)

    def close(self):
        self.launched.append(None)


@pytest.fixture
def make_queue(store, launched):
    made = []

    def make(*command, room=None):
        launcher = StubLauncher(launched, *command)
        made.append(Queue(RunStore(store.runs_dir, store.shipped_dir), launcher=launcher, room=room))
        return made[-1]

    yield make
    for queue in made:
        queue.close()
    for _, worker in filter(None, launched):
        worker.kill()
        worker.wait()


@pytest.fixture
def state(store):
    return lambda run_id: store.find(run_id).status.state


@pytest.fixture
def stop(store):
    return lambda run_id: store.find(run_id).folder.control.ask("stop")


def submit(queue, epochs=1):
    return queue.submit(RunConfig(dataset="mnist-5k", epochs=epochs))


def test_one_run_trains_and_the_others_wait_in_order(make_queue, state, stop, launched):
    queue = make_queue()
    runs = [submit(queue) for _ in range(3)]
    for number, run in enumerate(runs):
        queue.tick()
        wait_until(lambda run=run: state(run) == "training")
        queue.tick()
        assert [waiter.id for waiter in queue.look().waiting] == runs[number + 1 :]
        assert [each.id for each in queue.look().active] == [run]
        stop(run)
        wait_until(lambda run=run: state(run) == "finished")
        launched[-1][1].wait()
    queue.tick()
    assert [run_id for run_id, _ in launched] == runs
    assert queue.look().active == []


def test_a_server_leaves_a_sweeps_new_run_and_those_behind_it_to_the_sweeps_process(make_queue, launched, monkeypatch):
    config = RunConfig(dataset="mnist-5k", epochs=1)
    queue = make_queue(room=ServersRoom())
    trial, _ = queue.submit_all([Beginning(config, group=Group("sweep", "s1")), Beginning(config)])
    queue.tick()
    assert launched == []
    # but not for long, since that process may have died
    monkeypatch.setattr("core.queue.room.LEFT_SECONDS", 0.0)
    make_queue(room=ServersRoom()).tick()
    assert [run for run, _ in launched] == [trial]


def test_the_next_run_need_not_wait_until_the_process_of_an_ended_one_is_gone(store):
    launched, code = [], None

    class Lingering:
        def launch(self, folder):
            folder.change_status(state="training")
            launched.append(folder.id)
            return SimpleNamespace(poll=lambda: code, kill=lambda: None)

        def tend(self, *, busy):
            pass

    queue = Queue(store, launcher=Lingering())
    first, second = submit(queue), submit(queue)
    queue.tick()
    assert launched == [first]
    store.find(first).folder.change_status(state="stopped", owner=None)
    queue.tick()
    assert launched == [first, second]
    # but the ended one itself does
    queue.resume(first)
    store.find(second).folder.change_status(state="finished", owner=None)
    queue.tick()
    assert launched == [first, second]
    code = 0
    queue.tick()
    assert launched == [first, second, first]


def test_several_runs_train_at_once_and_the_next_starts_when_one_ends(make_queue, state, stop, launched):
    queue = make_queue(room=MachineRoom(Settings(runs_at_once=2)))
    runs = [submit(queue) for _ in range(4)]
    queue.tick()
    wait_until(lambda: [state(run) for run in runs[:2]] == ["training"] * 2)
    queue.tick()
    assert [run.id for run in queue.look().active] == runs[:2]
    assert [run.id for run in queue.look().waiting] == runs[2:]
    stop(runs[1])
    wait_until(lambda: queue.tick() or state(runs[2]) == "training")
    assert [run.id for run in queue.look().active] == [runs[0], runs[2]]
    assert [run_id for run_id, _ in launched] == runs[:3]


def test_without_memory_no_second_run_starts(monkeypatch):
    room = MachineRoom(Settings(runs_at_once=3))
    free = SimpleNamespace(available=0)
    monkeypatch.setattr("core.queue.room.psutil.virtual_memory", lambda: free)
    assert room.has_room(None, [])
    assert not room.has_room(None, [Path("a")])
    free.available = 2**31
    assert room.has_room(None, [Path("a"), Path("b")])
    assert not room.has_room(None, [Path("a"), Path("b"), Path("c")])


@pytest.mark.parametrize(
    ("settings", "threads"),
    [({}, 0), ({"runs_at_once": 4}, 2), ({"runs_at_once": 0}, 1), ({"runs_at_once": 9}, 1), ({"threads": 3}, 3)],
)
def test_runs_that_train_at_once_share_the_cores(monkeypatch, settings, threads):
    monkeypatch.setattr("core.queue.room.cores", lambda: 8)
    monkeypatch.setattr("core.queue.room.psutil.virtual_memory", lambda: SimpleNamespace(total=64 * 2**30))
    assert threads_each(Settings(**settings)) == threads


def test_a_run_without_a_name_is_named_by_its_settings_and_never_like_another(make_queue, store):
    queue, config = make_queue(), RunConfig(dataset="mnist-5k", epochs=1)
    own = "mlp-512 · MNIST sample · 1 epoch"
    submitted = [queue.submit(config, name) for name in ("", " ", f"{own} (3)", "")]
    store.rename(submitted[0], "the first")
    again = queue.submit(config)
    names = [store.find(run_id).name for run_id in (*submitted, again)]
    # the first name of a renamed run stays taken: its folder and its bundles still have it
    assert names == ["the first", f"{own} (2)", f"{own} (3)", f"{own} (4)", f"{own} (5)"]


def test_waiting_runs_are_moved_and_cancelled(make_queue, state):
    queue = make_queue()
    first, second, third = (submit(queue) for _ in range(3))
    queue.move(third, -2)
    assert [run.id for run in queue.look().waiting] == [third, first, second]
    queue.move(third, 1)
    queue.move(second, 99)
    assert [run.id for run in queue.look().waiting] == [first, third, second]
    queue.cancel(first)
    assert [run.id for run in queue.look().waiting] == [third, second]
    assert state(first) == "stopped"
    queue.resume(first)
    assert [run.id for run in queue.look().waiting] == [third, second, first]


def test_a_run_that_is_not_waiting_cannot_be_moved_cancelled_or_resumed(make_queue, make_run):
    queue = make_queue()
    done = make_run("finished").id
    changes = (lambda: queue.move(done, 1), lambda: queue.cancel(done), lambda: queue.resume(done))
    for act in (*changes, lambda: queue.cancel("../x")):
        with pytest.raises(DigitLabError):
            act()


def test_after_a_worker_is_killed_its_run_is_interrupted_and_the_next_starts(make_queue, state, launched):
    queue = make_queue()
    first, second = submit(queue), submit(queue)
    queue.tick()
    wait_until(lambda: state(first) == "training")
    launched[0][1].kill()
    wait_until(lambda: state(first) == "interrupted")
    wait_until(lambda: queue.tick() or state(second) == "training")
    queue.resume(first)
    assert [run.id for run in queue.look().waiting] == [first]


def test_a_worker_that_fails_to_start_fails_its_run_and_the_queue_goes_on(make_queue, state):
    queue = make_queue("-c", "raise SystemExit(3)")
    first, second = submit(queue), submit(queue)
    wait_until(lambda: queue.tick() or state(second) == "failed")
    assert state(first) == "failed"


def test_the_thread_starts_a_submitted_run(make_queue, state):
    queue = make_queue()
    queue.watch(interval=0.05)
    run = submit(queue)
    wait_until(lambda: state(run) == "training")


def test_a_closed_queue_starts_no_run_and_the_next_queue_continues(make_queue, state, stop, launched):
    before = make_queue()
    before.watch(interval=0.05)
    first = submit(before)
    wait_until(lambda: state(first) == "training")
    before.close()
    assert launched[1:] == [None]
    assert not before._thread.is_alive()
    after = make_queue()
    second = submit(after)
    stop(first)
    wait_until(lambda: after.tick() or state(second) == "training")
    assert state(first) == "finished"


def test_a_runs_folder_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    queue = Queue(RunStore(tmp_path / "file" / "runs", tmp_path / "shipped"))
    with pytest.raises(DigitLabError, match="DIGIT_LAB_RUNS"):
        submit(queue)


def test_a_lasting_problem_is_logged_once_and_without_a_traceback(tmp_path, caplog, monkeypatch):
    (tmp_path / "runs").write_text("no folder")
    queue = Queue(RunStore(tmp_path / "runs", tmp_path / "none"))
    looks, tick = [], queue.tick
    monkeypatch.setattr(queue, "tick", lambda: looks.append(1) or tick())
    queue.watch(interval=0.01)
    wait_until(lambda: len(looks) > 3)
    queue.close()
    (logged,) = caplog.records
    assert "Runs cannot be saved" in logged.getMessage()
    assert logged.exc_info is None


@pytest.fixture
def timed(make_queue, state):
    """A queue with one run limited to a tenth of a second; call it to tick until the run has a state."""
    queue = make_queue()
    run = queue.submit(RunConfig(dataset="mnist-5k"), terms=Terms(seconds=0.1))

    def run_on_until(wanted):
        wait_until(lambda: queue.tick() or state(run) == wanted)
        return run

    return run_on_until


def test_a_run_is_stopped_with_a_message_when_its_time_is_up(timed, launched, monkeypatch, tmp_path):
    monkeypatch.setenv("STUB_ENDS", "stopped")
    folder = RunFolder(tmp_path / "runs" / timed("stopped"))
    launched[-1][1].wait()
    timed("stopped")
    assert folder.terms().timed_out
    assert "the time limit here" in str(folder.status().message)


def test_a_run_that_does_not_stop_in_time_is_killed(timed, launched, monkeypatch):
    monkeypatch.setenv("STUB_DEAF", "1")
    monkeypatch.setattr("core.queue.queue.GRACE_SECONDS", 0.1)
    timed("stopped")
    assert launched[-1][1].wait() == -signal.SIGKILL
