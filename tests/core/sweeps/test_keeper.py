"""What has a sweep driven after the server or its process was killed."""

import pytest

from core.runs.owner import Owner
from core.sweeps.folder import SweepFolder, SweepStore
from core.sweeps.keeper import Keeper
from tests.core.sweeps.conftest import a_sweep


class Process:
    code = None

    def poll(self):
        return self.code


@pytest.fixture
def keeper(runs, monkeypatch):
    made = Keeper(SweepStore(runs))
    made.started = []

    def start(sweep):
        process = Process()
        made.started.append((sweep.id, process))
        return process

    monkeypatch.setattr(made, "start", start)
    return made


def test_sweeps_are_driven_one_after_another_in_their_order(keeper, runs):
    first, second = (SweepFolder.create(runs, a_sweep(), name) for name in "ab")
    description = first.files.read_json("sweep.json")
    first.write_json("sweep.json", {**description, "created": description["created"] - 9})
    keeper.tend()
    keeper.tend()
    assert [sweep for sweep, _ in keeper.started] == [first.id]
    first.files.change_status(state="finished")
    keeper.started[0][1].code = 0
    keeper.tend()
    assert [sweep for sweep, _ in keeper.started] == [first.id, second.id]


def test_a_sweep_whose_process_was_killed_is_driven_again_but_not_for_ever(keeper, runs):
    folder = SweepFolder.create(runs, a_sweep())
    dead = Owner("nowhere", 1, 1.0)
    folder.files.change_status(state="training", owner=dead)
    for _ in range(9):
        keeper.tend()
        for _, process in keeper.started:
            process.code = -9
    assert len(keeper.started) == 3
    assert folder.files.status().state == "failed"
    assert "stopped three times" in str(folder.files.status().message)


def test_a_sweep_that_is_driven_by_another_process_is_left_alone(keeper, runs):
    folder = SweepFolder.create(runs, a_sweep())
    SweepFolder.create(runs, a_sweep())
    folder.files.change_status(state="training", owner=Owner.this())
    keeper.tend()
    assert keeper.started == []
