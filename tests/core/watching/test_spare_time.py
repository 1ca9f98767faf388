"""Work beside a program waits for an idle core, or for its share of the time."""

from types import SimpleNamespace

import pytest

from core.watching import spare_time
from core.watching.spare_time import SHARE, SpareTime


class Machine:
    """A machine whose clock is set by hand, with this many idle cores and this much work of our own."""

    def __init__(self):
        self.now = self.idle = self.own = 0.0

    def run(self, seconds, idle=0.0, own=0.0):
        self.now += seconds
        self.idle += idle * seconds
        self.own += own * seconds


@pytest.fixture
def machine(monkeypatch):
    made = Machine()
    clock = {"time": lambda: made.now, "monotonic": lambda: made.now, "process_time": lambda: made.own}
    monkeypatch.setattr(spare_time, "time", SimpleNamespace(**clock))
    monkeypatch.setattr(spare_time.psutil, "cpu_times", lambda: SimpleNamespace(idle=made.idle))
    return made


@pytest.mark.parametrize(("idle", "own", "allowed"), [(0.1, 0.0, False), (1.2, 0.0, True), (0.2, 0.8, True)])
def test_work_goes_on_where_a_core_is_idle_but_for_that_work(machine, idle, own, allowed):
    spare = SpareTime()
    assert not spare.allows(3.0)
    machine.run(2.0, idle, own)
    assert spare.allows(3.0) is allowed
    machine.run(2.0)
    assert not spare.allows(3.0)


def test_where_none_is_idle_it_may_take_a_share_of_the_time(machine):
    machine.run(50.0)
    spare = SpareTime()
    machine.run(3.0 / SHARE - 1)
    assert not spare.allows(3.0)
    machine.run(2.0)
    assert spare.allows(3.0)
    # another process goes on counting from the same time
    assert SpareTime(spare.since).allows(3.0)
