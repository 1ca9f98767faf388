"""Who owns a run, and what its status means once that process is gone."""

import contextlib
import math
import platform
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from core.errors import UnreadableRun
from core.runs.process import Owner
from core.runs.status import Status


def test_this_process_lives_and_a_zombie_does_not():
    assert Owner.this().lives() is True
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        owner = Owner.of(child.pid)
        assert owner is not None
        assert owner.lives() is True
        child.kill()
        deadline = time.monotonic() + 10
        while owner.lives() and time.monotonic() < deadline:
            pass
        # killed and not reaped: it still has its number
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
def test_what_no_run_can_have_makes_no_run_live_and_breaks_no_reader(values):
    good = Status(state="training", owner=Owner.this(), epoch=3).to_json()
    assert Status.from_json(good).as_seen(0).state == "training"
    with contextlib.suppress(UnreadableRun):
        assert Status.from_json(good | values).as_seen(0).state == "interrupted"


def test_another_machines_process_is_judged_by_its_heartbeat():
    elsewhere = Status(state="training", owner=replace(Owner.this(), host="elsewhere"), heartbeat=1000)
    assert elsewhere.as_seen(1030).state == "training"
    assert elsewhere.as_seen(1090).state == "interrupted"
