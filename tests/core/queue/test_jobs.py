"""Cross-validations in the queue: their order among runs, where results go, and who may start and change them."""

import dataclasses

import pytest

from core.errors import DigitLabError
from core.queue import queue as queue_module
from core.queue.permissions import Access, new_key
from core.queue.queue import Queue
from core.runs.cross_validation import FILE, CrossValidation, result_file
from core.runs.entries import Job
from core.server.limits import Settings

PUBLIC = Settings(public=True, most_runs_each=1, most_minutes=2)
ANN, BOB = new_key(), new_key()


class NoLauncher:
    def tend(self, *, busy):
        """Nothing is started ahead."""

    def launch(self, folder):
        raise OSError(2, f"No process trains {folder.id} in this test")


@pytest.fixture
def queue(store):
    return Queue(store, launcher=NoLauncher())


@pytest.fixture
def run(make_run, store):
    return store.find(make_run("finished", epoch=2, best_epoch=2).id)


@pytest.fixture
def visit(store, queue):
    return lambda key: Access(store, queue, PUBLIC, key=key)


def finish(store, job_id, content=b"a result"):
    folder = store.find(job_id).folder
    (folder.path / FILE).write_bytes(content)
    folder.change_status(state="finished", owner=None)


def test_a_job_waits_behind_runs_and_is_not_listed_among_them(queue, run):
    waiting = queue.submit(run.manifest.config)
    job_id = queue.cross_validate(run)
    found = queue.look()
    assert [each.id for each in found.waiting] == [waiting, job_id]
    assert sorted(each.id for each in found.runs) == sorted([run.id, waiting])
    (job,) = found.jobs
    assert isinstance(job, Job)
    assert job.task == CrossValidation(run.id, (0.001, 0.001))
    assert (job.name, job.manifest.config) == (run.name, run.manifest.config)
    with pytest.raises(DigitLabError, match="is already being cross-validated"):
        queue.cross_validate(run)
    queue.move(job_id, -1)
    assert [each.id for each in queue.look().waiting] == [job_id, waiting]


def test_a_result_goes_to_its_run_and_the_job_is_gone(queue, store, run):
    job_id = queue.cross_validate(run)
    finish(store, job_id)
    queue.tick()
    assert (run.folder.path / FILE).read_bytes() == b"a result"
    assert list(store.jobs_dir.iterdir()) == []


def test_the_result_of_an_included_run_goes_to_the_cache(queue, store, run, monkeypatch, tmp_path):
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path / "cache"))
    store.shipped_dir.mkdir()
    run.folder.path.rename(store.shipped_dir / run.id)
    included = store.find(run.id)
    finish(store, queue.cross_validate(included))
    queue.tick()
    target = result_file(included.folder, included.manifest, shipped=True)
    assert target.read_bytes() == b"a result"
    assert tmp_path / "cache" in target.parents
    assert not (included.folder.path / FILE).exists()


def test_a_result_that_cannot_be_kept_fails_the_job_which_can_be_resumed(queue, store, run):
    job_id = queue.cross_validate(run)
    store.find(job_id).folder.change_status(state="finished")
    queue.tick()
    status = store.find(job_id).status
    assert status.state == "failed"
    assert str(status.message).startswith("The result cannot be saved: ")
    queue.resume(job_id)
    assert [each.id for each in queue.look().waiting] == [job_id]


def test_a_deleted_run_takes_its_ended_jobs_along_but_not_a_waiting_one(queue, store, run):
    job_id = queue.cross_validate(run)
    with pytest.raises(DigitLabError, match="training or queued"):
        store.delete(run.id)
    queue.cancel(job_id)
    store.set_aside([run.id])
    assert queue.look().jobs == []
    store.restore(store.set_aside_runs()[0].batch)
    assert [job.id for job in queue.look().jobs] == [job_id]
    store.delete(run.id)
    assert queue.look().jobs == []


def test_a_result_whose_run_was_removed_by_hand_is_dropped(queue, store, run, tmp_path):
    finish(store, queue.cross_validate(run))
    run.folder.path.rename(tmp_path / "elsewhere")
    queue.tick()
    assert queue.look().jobs == []


def test_a_job_that_ended_early_is_forgotten_after_a_week(queue, run, monkeypatch):
    job_id = queue.cross_validate(run)
    queue.cancel(job_id)
    queue.tick()
    assert [job.id for job in queue.look().jobs] == [job_id]
    monkeypatch.setattr(queue_module, "FORGOTTEN_SECONDS", -1.0)
    queue.tick()
    assert queue.look().jobs == []


def test_a_visitor_cross_validates_any_run_and_changes_only_their_own_job(store, queue, run, visit):
    job = store.find(visit(BOB).cross_validate(run))
    assert job.folder.terms().seconds == 120
    assert visit(BOB).may_change(job)
    assert not visit(ANN).may_change(job)
    for change in ("cancel", "resume", "delete"):
        with pytest.raises(DigitLabError, match="somebody else"):
            getattr(visit(ANN), change)(job)
    # the limit counts jobs like runs
    with pytest.raises(DigitLabError, match="You already have one run"):
        visit(BOB).start(run.manifest.config)
    visit(BOB).cancel(job)
    # another visitor's new job does not replace one that can be resumed
    other = visit(ANN).cross_validate(run)
    assert {each.id for each in queue.look().jobs} == {job.id, other}
    with pytest.raises(DigitLabError, match="allowed on this server"):
        Access(store, queue, dataclasses.replace(PUBLIC, most_epochs=2), key=BOB).cross_validate(run)


def test_nothing_of_an_earlier_job_is_left_when_another_finished(store, queue, run):
    first = queue.cross_validate(run)
    queue.cancel(first)
    finish(store, queue.cross_validate(run))
    queue.tick()
    assert queue.look().jobs == []
    assert (run.folder.path / FILE).exists()
