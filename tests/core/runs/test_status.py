"""A run's owner, and its status once that process is gone."""

import contextlib
import math
import platform
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from core.errors import UnreadableRun
from core.runs.owner import Owner
from core.runs.status import Status
from core.text import Message, say


def test_this_process_is_alive_and_a_zombie_is_not():
    assert Owner.this().lives() is True
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        owner = Owner.of(child.pid)
        assert owner is not None
        assert owner.lives() is True
        child.kill()
        deadline = time.monotonic() + 10
        while owner.lives() and time.monotonic() < deadline:
            pass
        # killed but not reaped, it still has its number
        assert owner.lives() is False


def test_a_later_process_with_the_same_number_is_another():
    assert replace(Owner.this(), started=Owner.this().started - 100).lives() is False


def test_a_run_without_its_process_is_interrupted():
    gone = replace(Owner.this(), started=0)
    for state in ("starting", "training", "paused", "evaluating"):
        assert Status(state=state, owner=gone).as_seen(0).state == "interrupted"
        assert Status(state=state, owner=Owner.this()).as_seen(0).state == state
    assert Status(state="finished", owner=gone).as_seen(0).state == "finished"
    assert Status(state="queued").as_seen(0).state == "queued"


@pytest.mark.parametrize(
    "values",
    [
        {"epoch": -5},
        {"epoch": 2.5},
        {"epoch": True},
        {"epoch": None},
        {"seconds": math.nan},
        {"seconds": math.inf},
        {"seconds_left": -1},
        {"message": 7},
        {"state": "dancing"},
        {"owner": {"host": platform.node(), "pid": -1, "started": 0}},
        {"owner": {"host": platform.node(), "pid": 10**30, "started": 0}},
        {"owner": {"host": "here"}},
        {"owner": "me"},
    ],
    ids=str,
)
def test_an_implausible_status_is_unreadable_or_interrupted(values):
    good = Status(state="training", owner=Owner.this(), epoch=3).to_json()
    assert Status.from_json(good).as_seen(0).state == "training"
    with contextlib.suppress(UnreadableRun):
        assert Status.from_json(good | values).as_seen(0).state == "interrupted"


def test_another_machines_process_is_alive_while_its_heartbeat_is_recent():
    elsewhere = Status(state="training", owner=replace(Owner.this(), host="elsewhere"), heartbeat=1000)
    assert elsewhere.as_seen(1030).state == "training"
    assert elsewhere.as_seen(1090).state == "interrupted"


OUT_OF_MEMORY_OUTPUT = (
    "numpy._core._exceptions._ArrayMemoryError: Unable to allocate 12.2 MiB",
    "MemoryError",
    "terminate called after throwing an instance of 'std::bad_alloc'",
    "tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor",
    "cannot allocate memory for thread-local data: ABORT",
    "ImportError: libtensorflow_cc.so.2: failed to map segment from shared object",
    "Operation received an exception:Status: 1, message: could not create a primitive, in file mkl_matmul_op_fused.cc",
    "Operation received an exception:Status: 5, message: could not execute a primitive, in file mkl_matmul_op_fused.cc",
    "RuntimeError: can't start new thread",
)
"""The last output of workers that exceeded a limit of their address space."""


def test_a_status_keeps_its_message_as_key_and_values_beside_the_sentence():
    message = Message("runs.file_missing", file="run.json")
    written = Status(state="failed", message=message).to_json()
    assert written["message"] == "run.json is missing"
    assert written["said"] == {"key": "runs.file_missing", "values": {"file": "run.json"}}
    assert Status.from_json(written | {"message": "Other words."}).message == message


def test_the_status_of_an_earlier_version_shows_its_sentence():
    assert str(Status.from_json({"state": "failed", "message": "No room."}).message) == "No room."
    assert Status.from_json({"state": "finished", "message": ""}).message is None


def interrupted(**owner):
    return Status(state="interrupted", owner=replace(Owner.this(), **owner))


def log(said, status):
    return f"{say('faults.log', pid=status.owner.pid)}\nloading\n{said}\n"


@pytest.mark.parametrize("said", OUT_OF_MEMORY_OUTPUT)
def test_out_of_memory_is_recognized_in_the_output(said):
    status = interrupted()
    # 127 is the exit code of the loader
    assert status.cause(127, log(said, status)) == Message("training.out_of_memory")


def test_the_output_of_an_earlier_process_does_not_count():
    status = interrupted()
    before = f"{say('faults.log', pid=status.owner.pid + 1)}\nMemoryError\n"
    assert status.cause(127, before + log("KeyError: 'x'", status)) is None


@pytest.mark.parametrize(
    ("share", "code", "cause"), [(0.55, -11, "faults.memory_limit"), (0.4, -11, None), (0.9, 1, None)]
)
def test_a_crash_near_the_memory_limit_counts_as_out_of_memory(share, code, cause):
    status = interrupted(memory_share=share)
    assert status.cause(code, log("Fatal Python error: Segmentation fault", status)) == (cause and Message(cause))
