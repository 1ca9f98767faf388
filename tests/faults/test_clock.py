"""The clock of the worker or the server changes by an hour or by years while a run trains."""

import time

import pytest

from core.runs.control import Request
from core.runs.folder import RunFolder
from core.runs.status import Status
from core.runs.terms import Terms
from tests.core.training.conftest import wait_until
from tests.faults.evidence import rows, same_end
from tests.faults.server import ENDED, QUICK
from tests.pages.shown import texts

YEAR = 365 * 86_400.0
JUMPS = pytest.mark.parametrize("seconds", [-3600.0, 3 * YEAR])


def watched(server, folder):
    """The states seen until the run ended, and whether it ever seemed to hang."""
    states, hung = set(), False

    def ended():
        nonlocal hung
        status = server.status(folder)
        states.add(status.state)
        hung |= status.hangs()
        return status.state in ENDED

    wait_until(ended)
    server.worker.wait()
    return states, hung


@JUMPS
def test_a_worker_trains_on_with_right_times_after_its_clock_changes(seconds, make_server, undisturbed, monkeypatch):
    server = make_server()
    monkeypatch.setenv("BATCH_SECONDS", "0.01")
    monkeypatch.setenv("CLOCK_JUMPS", str(seconds))
    folder = server.submit(QUICK)
    states, hung = watched(server, folder)
    assert states <= {"queued", "starting", "training", "evaluating", "finished"}
    assert not hung
    same_end(folder, undisturbed)
    assert abs(folder.status().heartbeat - time.time() - seconds) < 60
    assert 0 < folder.status().seconds < 60


@JUMPS
def test_after_a_clock_change_the_server_keeps_its_run_alive_and_within_its_time(
    seconds, make_server, undisturbed, monkeypatch, open_app, runs_dir
):
    server = make_server()
    monkeypatch.setenv("BATCH_SECONDS", "0.02")
    folder = RunFolder(runs_dir / server.queue.submit(QUICK, terms=Terms(seconds=600)))
    wait_until(lambda: server.status(folder).state == "training")
    true = time.time
    monkeypatch.setattr(time, "time", lambda: true() + seconds)
    test = open_app(runs_dir, run=folder.id)
    assert not test.exception
    assert "Training" in texts(test) or rows(folder) == rows(undisturbed)
    states, hung = watched(server, folder)
    assert states <= {"training", "evaluating", "finished"}
    assert not hung
    same_end(folder, undisturbed)


@JUMPS
def test_a_run_from_the_past_or_future_is_listed_and_shown(seconds, runs_dir, open_app, monkeypatch):
    now = RunFolder.create(runs_dir, QUICK, Status(state="stopped"), "of today")
    true = time.time
    monkeypatch.setattr(time, "time", lambda: true() + seconds)
    then = RunFolder.create(runs_dir, QUICK, Status(state="stopped", heartbeat=time.time()), "of then")
    monkeypatch.setattr(time, "time", true)
    assert then.manifest().created == pytest.approx(now.manifest().created + seconds, abs=60)
    for page in ("train", "runs"):
        assert not open_app(runs_dir, page).exception
    assert "Stopped" in texts(open_app(runs_dir, run=then.id))


@JUMPS
def test_requests_keep_their_order_after_a_clock_change(seconds, runs_dir, monkeypatch):
    folder, true = RunFolder.create(runs_dir, QUICK, Status(state="training")), time.time_ns
    folder.control.ask("pause")
    monkeypatch.setattr(time, "time_ns", lambda: true() + int(seconds * 1e9))
    folder.control.ask("learning_rate", 0.003)
    folder.control.ask("resume")
    assert folder.control.take() == [Request("pause"), Request("learning_rate", 0.003), Request("resume")]
