import time

import pytest

from core.config.run import RunConfig
from core.runs.disk import size_of
from core.runs.folder import RunFolder
from core.runs.manifest import Manifest
from core.runs.owner import Owner
from core.runs.status import Status
from core.runs.store import RunStore
from core.server.limits import Settings
from core.server.retention import Retention, surplus

CONFIG = RunConfig(dataset="mnist-5k", epochs=1)


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs", tmp_path / "shipped")


@pytest.fixture
def make(store):
    def made(age, state="finished", *, megabytes=0, where=None):
        folder = RunFolder.create(where or store.runs_dir, CONFIG, Status(state=state))
        folder.write_manifest(Manifest("run", time.time() - 60 * age, CONFIG))
        (folder.path / "weights").write_bytes(bytes(1_000_000 * megabytes))
        return folder.id

    return made


def names(runs):
    return [run.id for run in runs]


def test_the_oldest_ended_runs_are_deleted_first(store, make):
    runs = [make(age) for age in (4, 3, 2, 1)]
    assert Retention(Settings(keep_runs=2)).apply(store) == runs[:2]
    assert set(names(store.runs())) == set(runs[2:])
    assert not list(store.runs_dir.glob(".deleted-*"))


def test_training_waiting_pinned_and_shipped_runs_are_kept(tmp_path, store, make):
    kept = [make(9, state) for state in ("queued", "starting")]
    shipped = make(8, where=tmp_path / "shipped")
    pinned, named = make(7), make(6)
    store.pin(pinned, pinned=True)
    oldest, newest = make(5), make(4)
    settings = Settings(keep_runs=1, pinned=(named,))
    store.find(kept[1]).folder.write_status(Status(state="training", owner=Owner.this()))
    assert names(surplus(store.entries(), settings)) == [oldest, newest]
    assert shipped not in names(surplus(store.entries(), settings))


def test_the_size_of_a_run_is_that_of_all_its_files(store, make):
    runs = [make(age, megabytes=2) for age in (3, 2, 1)]
    assert size_of(store.find(runs[0]).folder.path) > 2_000_000
    assert names(surplus(store.entries(), Settings(keep_gigabytes=0.005))) == runs[:1]
    assert surplus(store.entries(), Settings(keep_gigabytes=0.1)) == []


def test_without_limits_nothing_is_measured_or_deleted(store, make):
    make(1)
    assert Retention(Settings()).apply(store) == []
    assert surplus(store.entries(), Settings()) == []


def test_a_damaged_run_is_deleted_before_readable_ones(store, make):
    first, second = make(2), make(1)
    (store.runs_dir / second / "run.json").write_text("{")
    assert names(surplus(store.entries(), Settings(keep_runs=1))) == [second]
    assert first in names(store.runs())


def test_optimizer_states_are_deleted_before_any_run(store, make):
    old, middle, new = (make(age) for age in (3, 2, 1))
    for run in (old, middle, new):
        folder = store.find(run).folder
        folder.state(1).parent.mkdir()
        folder.state(1).write_bytes(bytes(2_000_000))
    store.pin(old, pinned=True)
    assert Retention(Settings(keep_gigabytes=0.005)).apply(store) == []
    assert [store.find(run).folder.state(1).exists() for run in (old, middle, new)] == [True, False, True]
