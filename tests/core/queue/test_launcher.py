"""The ready process: it trains the next run, and ends with its server or when memory is scarce."""

import json
import subprocess
import sys
import time
from types import SimpleNamespace

import psutil
import pytest

from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.places import ROOT
from core.queue import launcher as launching
from core.queue.launcher import Launcher
from core.runs.status import Status
from core.server.limits import Settings
from core.text import Message
from tests.core.training.conftest import wait_until


@pytest.fixture
def free(monkeypatch):
    """Sets the free memory, in bytes."""

    def set_free(available):
        monkeypatch.setattr(launching.psutil, "virtual_memory", lambda: SimpleNamespace(available=available))

    set_free(8 * 2**30)
    return set_free


@pytest.fixture
def launcher(monkeypatch, free):  # noqa: ARG001 independent of the machine's memory
    monkeypatch.setattr(launching, "SETTLING_SECONDS", -1)
    launcher = Launcher()
    yield launcher
    launcher.close()
    assert waiting(launcher) is None


class Listening:
    """A process that keeps what it is told."""

    pid = 1

    def __init__(self, told):
        self.stdin = SimpleNamespace(write=told.append, flush=lambda: None)

    def poll(self):
        return None

    def kill(self):
        pass

    wait = kill


def waiting(launcher):
    return launcher._idle.pid if launcher._idle else None


def test_the_ready_process_trains_the_next_run(launcher, make_run):
    launcher.tend(busy=False)
    ready = waiting(launcher)
    folder = make_run("starting")
    folder.write_manifest(type(folder.manifest())("", 0, folder.manifest().config.replace(epochs=1)))
    worker = launcher.launch(folder)
    assert worker.pid == ready
    assert worker.wait(timeout=120) == 0
    assert folder.status().state == "finished"
    assert folder.log.exists()
    assert waiting(launcher) is None


def test_no_process_is_kept_ready_while_busy_or_low_on_memory_or_switched_off(launcher, free):
    launcher.tend(busy=True)
    assert waiting(launcher) is None
    free(2**30)
    launcher.tend(busy=False)
    assert waiting(launcher) is None
    free(8 * 2**30)
    off = Launcher(Settings(warm_worker=False))
    off.tend(busy=False)
    assert waiting(off) is None


def test_the_ready_process_ends_when_memory_becomes_scarce(launcher, free):
    launcher.tend(busy=False)
    process = psutil.Process(waiting(launcher))
    free(2**29)
    launcher.tend(busy=False)
    assert waiting(launcher) is None
    assert not process.is_running()


def test_a_ready_process_that_died_is_replaced(launcher, make_run):
    launcher.tend(busy=False)
    launcher._idle.kill()
    launcher._idle.wait()
    folder = make_run("starting")
    (folder.path / "run.json").unlink()
    worker = launcher.launch(folder)
    assert worker.wait(timeout=60) == 1
    why = Message("runs.file_missing", file="run.json")
    assert folder.status() == Status(state="failed", message=why, heartbeat=folder.status().heartbeat)


def test_the_ready_process_ends_with_its_server():
    server = (
        "from core.queue import launcher as launching\n"
        "launching.SETTLING_SECONDS = -1\n"
        "launcher = launching.Launcher()\n"
        "launcher.tend(busy=False)\n"
        "print(launcher._idle.pid, flush=True)\n"
    )
    command = [sys.executable, "-c", server]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env={"PATH": "/usr/bin"})
    pid = int(answer.stdout)
    deadline = time.monotonic() + 60
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_training_uses_no_more_threads_than_the_settings_allow(make_run):
    worker = Launcher(Settings(threads=1)).launch(make_run("starting"))
    # a process that was only just started has no environment yet
    wait_until(lambda: psutil.Process(worker.pid).environ())
    environment = psutil.Process(worker.pid).environ()
    worker.kill()
    worker.wait()
    assert {environment[f"TF_NUM_{kind}OP_THREADS"] for kind in ("INTRA", "INTER")} == {"1"}


def test_the_ready_process_is_told_the_expected_settings_once_they_are_steady(launcher, monkeypatch):
    told = []
    monkeypatch.setattr(launching.subprocess, "Popen", lambda *_, **__: Listening(told))
    first, second = PRESETS["cnn-quick"], PRESETS["mlp-512"]
    launcher.expect(first)
    launcher.tend(busy=False)
    assert not told
    monkeypatch.setattr(launching, "STEADY_SECONDS", 0)
    for config in (first, first, second):
        launcher.expect(config)
        launcher.tend(busy=False)
    launcher.tend(busy=True)
    assert [RunConfig.from_json(json.loads(line)) for line in told] == [first, second]
    # a pipe holds only so much: after the last line comes another process
    for seed in range(2, 9):
        launcher.expect(first.replace(seed=seed))
        launcher.tend(busy=False)
    assert (len(told), waiting(launcher)) == (8, None)
    launcher.tend(busy=False)
    assert RunConfig.from_json(json.loads(told[-1])).seed == 8
