"""What a run takes of the disk, and what can be deleted of it."""

import dataclasses

import pytest

from core.errors import DigitLabError
from core.runs.beginning import forkable_epochs, longer
from core.runs.disk import DiskUses, clean, lost, size_of
from core.runs.manifest import Origin
from core.runs.status import Status


@pytest.fixture
def make(make_run, store):
    """Makes an ended run of ten epochs, the sixth its best, with states of 1, 6 and 10: 100 bytes a file."""

    def made(state="finished"):
        folder = make_run(state, epoch=10, best_epoch=6, name="mine")
        folder.write_manifest(
            dataclasses.replace(folder.manifest(), config=folder.manifest().config.replace(epochs=10))
        )
        folder.weights(0).parent.mkdir()
        for path in (*map(folder.weights, range(11)), *map(folder.state, (1, 6, 10))):
            path.write_bytes(bytes(100))
        return store.find(folder.id)

    return made


def test_a_run_says_its_size_and_what_can_be_deleted(make):
    run, uses = make(), DiskUses()
    use = uses.of(run)
    assert use.total == size_of(run.folder.path) > 1400
    # weights of epochs 4, 7 and 9
    assert use.cleanable == {"states": 300, "weights": 300}
    assert uses.of(run) is use
    run.folder.state(1).unlink()
    assert uses.of(run).total == use.total - 100


def test_states_and_then_weights_of_an_ended_run_are_deleted(make, store):
    run = make()
    assert longer(run, 1).origin.optimizer_kept
    assert "start with a new optimizer" in str(lost(run, "states"))
    assert clean(store, run.id, "states") == 300
    assert not longer(run, 1).origin.optimizer_kept
    assert "epochs only: 0–3, 5–6, 8, 10." in str(lost(run, "weights"))
    assert clean(store, run.id, "weights") == 300
    assert forkable_epochs(run) == (0, 1, 2, 3, 5, 6, 8, 10)
    assert DiskUses().of(run).cleanable == {"states": 0, "weights": 0}


def test_a_run_that_can_be_resumed_keeps_its_newest_state(make, store):
    run = make("stopped")
    assert "can still be resumed" in str(lost(run, "states"))
    clean(store, run.id, "states")
    assert [run.folder.state(epoch).exists() for epoch in (1, 6, 10)] == [False, False, True]


def test_files_that_a_fork_shares_take_room_once_and_are_not_lost(make, store):
    run = make()
    fork = longer(run, 5).create(store, Status(state="queued"))
    counted = set()
    assert size_of(fork.path, counted) == size_of(fork.path)
    # eleven files of weights and three states
    assert size_of(run.folder.path, counted) == size_of(run.folder.path) - 1400
    assert clean(store, run.id, "states") == 0
    assert fork.state(10).stat().st_size == 100


def test_a_fork_keeps_the_weights_that_it_began_with(make, store):
    run = make()
    origin = Origin("other", "other", 7, optimizer_kept=False)
    run.folder.write_manifest(dataclasses.replace(run.manifest, origin=origin))
    clean(store, run.id, "weights")
    assert run.folder.weights(7).exists()
    assert not run.folder.weights(9).exists()


@pytest.mark.parametrize("why", ["queued", "shipped", "opened"])
def test_other_runs_stay_as_they_are(make, store, tmp_path, why):
    run = make()
    if why == "queued":
        run.folder.change_status(state="queued")
    elif why == "shipped":
        (tmp_path / "shipped").mkdir()
        run.folder.path.rename(tmp_path / "shipped" / run.id)
    else:
        (run.folder.path / "opened.json").write_text("{}")
        (run.folder.path / "run.json").touch()
    with pytest.raises(DigitLabError):
        clean(store, run.id, "states")
