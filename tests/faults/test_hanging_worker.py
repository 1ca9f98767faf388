"""A worker process that hangs: shown within 15 seconds, ended from the page, or left alone if it recovers."""

import os
import signal

import pytest

from core.errors import DigitLabError
from core.runs.status import HANG_SECONDS
from tests.core.training.conftest import wait_until
from tests.faults.evidence import look, rows, same_end
from tests.faults.server import QUICK
from tests.pages.shown import texts

SHOWN_WITHIN = 15


@pytest.fixture
def stopped(make_server, monkeypatch):
    """A server, and its run whose process was stopped while it trained."""
    monkeypatch.setenv("BATCH_SECONDS", "0.02")
    server = make_server()
    folder = server.begun(QUICK)
    wait_until(lambda: rows(folder))
    os.kill(server.worker.pid, signal.SIGSTOP)
    return server, folder


def test_a_hanging_process_is_shown_and_ended_from_the_page_and_its_run_can_be_resumed(
    stopped, undisturbed, open_app, runs_dir, monkeypatch
):
    server, folder = stopped
    # plus the moment that writing a heartbeat takes
    assert HANG_SECONDS < SHOWN_WITHIN - 1
    monkeypatch.setattr("core.runs.status.HANG_SECONDS", 2)
    waiting = server.submit(QUICK)
    test = open_app(runs_dir, run=folder.id)
    assert "watch.end" not in {button.key for button in test.button}
    wait_until(lambda: folder.status().hangs(), 60)
    test.run()
    assert "Not responding" in texts(test)
    assert "has not responded" in texts(test)
    test.button(key="watch.end").click().run()
    assert not test.exception
    assert server.worker.wait(10) == -signal.SIGKILL
    assert "Ended by hand" in texts(test)
    assert "watch.resume_run" in {button.key for button in test.button}
    look(folder, server, rows(undisturbed))
    server.await_end(waiting)
    server.resume(folder)
    same_end(folder, undisturbed)
    same_end(waiting, undisturbed)


def test_a_process_that_recovers_is_left_alone(stopped, undisturbed, monkeypatch):
    server, folder = stopped
    monkeypatch.setattr("core.runs.status.HANG_SECONDS", 2)
    wait_until(lambda: folder.status().hangs())
    os.kill(server.worker.pid, signal.SIGCONT)
    wait_until(lambda: not folder.status().hangs())
    with pytest.raises(DigitLabError, match="responds again"):
        server.queue.end(folder.id)
    server.await_end(folder)
    same_end(folder, undisturbed)
