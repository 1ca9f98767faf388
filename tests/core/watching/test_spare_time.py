"""Work beside a program waits for an idle core, or for its share of the time."""

from types import SimpleNamespace

import pytest

from core.watching import spare_time
from core.watching.spare_time import SHARE, SpareTime


class Machine:
    """A machine whose clock is set by hand, with this many idle cores."""

    def __init__(self):
        self.now = self.idle = 0.0

    def run(self, seconds, idle=0.0):
        self.now += seconds
        self.idle += idle * seconds


@pytest.fixture
def machine(monkeypatch):
    made = Machine()
    clock = {"time": lambda: made.now, "monotonic": lambda: made.now}
    monkeypatch.setattr(spare_time, "time", SimpleNamespace(**clock))
    monkeypatch.setattr(spare_time.psutil, "cpu_times", lambda: SimpleNamespace(idle=made.idle))
    return made


def asked(machine, spare, seconds, idle):
    """The answers to questions asked every quarter of a second."""
    found = []
    for _ in range(round(seconds * 4)):
        machine.run(0.25, idle)
        found.append(spare.allows(3.0))
    return found


@pytest.mark.parametrize(("idle", "allowed"), [(0.6, False), (1.2, True)])
def test_work_waits_until_a_core_has_been_idle_for_a_second(machine, idle, allowed):
    assert any(asked(machine, SpareTime(), 3.0, idle)) is allowed


def test_what_was_before_the_first_question_says_nothing(machine):
    spare = SpareTime()
    machine.run(20.0, idle=1.0)  # the program's imports
    assert not any(asked(machine, spare, 3.0, idle=0.4))


def test_the_time_of_our_own_work_does_not_count(machine):
    spare = SpareTime()
    assert asked(machine, spare, 1.25, idle=1.0)[-1]
    machine.run(4.0, idle=1.0)  # we work, and the program has a core less
    assert not any(asked(machine, spare, 3.0, idle=0.4))
    # nor where the work was short
    assert asked(machine, spare, 2.0, idle=1.0).count(True) == 1


def test_where_none_is_idle_it_may_take_a_share_of_the_time(machine):
    machine.run(50.0)
    spare = SpareTime()
    machine.run(3.0 / SHARE - 1)
    assert not spare.allows(3.0)
    machine.run(2.0)
    assert spare.allows(3.0)
    # another process goes on counting from the same time
    assert SpareTime(spare.since).allows(3.0)
