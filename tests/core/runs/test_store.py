"""Listing, finding and changing runs, whatever else is in the folder."""

import contextlib
import threading
import time
from dataclasses import replace

import pytest

from core.errors import DigitLabError, UnreadableRun
from core.runs.entries import DamagedRun
from core.runs.folder import RunFolder
from core.runs.label import Label
from core.runs.owner import Owner
from core.runs.store import RunStore
from core.text import Message


@pytest.fixture
def shipped(make_run, tmp_path):
    """The id of a shipped run."""
    (tmp_path / "shipped").mkdir()
    make_run(name="ours").path.rename(tmp_path / "shipped" / "shipped-run")
    return "shipped-run"


def test_own_runs_are_listed_newest_first_then_damaged_then_shipped_ones(store, make_run, shipped):
    first, second = make_run(), make_run("stopped")
    later = second.manifest()
    second.write_manifest(replace(later, created=later.created + 60))
    (store.runs_dir / "foreign").mkdir()
    (store.runs_dir / "note.txt").write_text("x", encoding="utf-8")
    (store.runs_dir / ".hidden").mkdir()
    entries = store.entries()
    assert [run.id for run in entries] == [second.id, first.id, "foreign", shipped]
    assert [run.shipped for run in entries] == [False, False, False, True]
    assert store.runs() == [run for run in entries if run.id != "foreign"]
    assert entries[2].problem == Message("runs.file_missing", file="run.json")


def test_what_others_write_is_seen_at_once(store, make_run):
    folder = make_run("queued")
    assert (store.runs()[0].status.state, store.runs()[0].note) == ("queued", "")
    folder.change_status(state="finished")
    assert store.runs()[0].status.state == "finished"
    for note in ("one", "two"):
        folder.write_label(Label(note=note))
        assert store.runs()[0].note == note


def test_two_threads_that_list_runs_at_once_read_each_run_once(store, make_run, monkeypatch):
    run = make_run("finished")
    manifest, found, reading = RunFolder.manifest, [], threading.Barrier(2)

    def read(folder):
        with contextlib.suppress(threading.BrokenBarrierError):
            reading.wait(timeout=0.3)
            found.append("read by both")
        return manifest(folder)

    monkeypatch.setattr(RunFolder, "manifest", read)
    threads = [threading.Thread(target=lambda: found.append([run.id for run in store.runs()])) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[run.id], [run.id]]


def test_without_a_runs_folder_there_are_no_runs(store):
    assert store.runs() == []


@pytest.mark.parametrize(
    "run_id", ["", ".", "..", "../shipped", "a/b", "/etc", "a\\b", "x" * 200, "\0", "nowhere", "run\n"]
)
def test_an_id_never_leads_outside_the_folder(store, make_run, tmp_path, run_id):
    make_run()
    (tmp_path / "secret").mkdir()
    with pytest.raises(DigitLabError):
        store.find(run_id)


def test_a_run_can_be_renamed_and_annotated(store, make_run):
    run_id = make_run(name="first name").id
    assert (store.runs()[0].name, store.runs()[0].note) == ("first name", "")
    store.rename(run_id, " my  best ")
    store.annotate(run_id, "why")
    assert (store.runs()[0].name, store.runs()[0].note) == ("my best", "why")
    assert store.runs()[0].manifest.name == "first name"
    store.rename(run_id, " ")
    assert (store.find(run_id).name, store.find(run_id).note) == ("first name", "why")


def test_a_damaged_run_can_be_renamed(store, make_run):
    folder = make_run()
    (folder.path / "run.json").unlink()
    assert store.entries()[0].name == folder.id
    store.rename(folder.id, "the broken one")
    assert store.entries()[0].name == "the broken one"
    with pytest.raises(UnreadableRun, match="is missing"):
        store.find(folder.id)


def test_a_deleted_run_is_gone_with_all_its_files(store, make_run, tmp_path):
    kept, folder = make_run(), make_run("stopped")
    (folder.path / "checkpoints").mkdir()
    (folder.path / "checkpoints" / "epoch-0000.weights.h5").write_bytes(b"x")
    assert len(store.runs()) == 2
    store.delete(folder.id)
    assert [run.id for run in store.runs()] == [kept.id]
    assert {path.name for path in (tmp_path / "runs").iterdir()} - {".queue.lock"} == {kept.id}


def test_a_damaged_run_can_be_deleted(store, make_run, tmp_path):
    folder = make_run()
    (folder.path / "status.json").write_text("{", encoding="utf-8")
    (tmp_path / "runs" / "foreign").mkdir()
    store.delete(folder.id)
    store.delete("foreign")
    assert store.entries() == []


def test_deleting_a_symbolic_link_keeps_its_target(store, make_run, tmp_path):
    folder = make_run()
    folder.path.rename(tmp_path / "elsewhere")
    folder.path.symlink_to(tmp_path / "elsewhere")
    store.delete(folder.id)
    assert store.runs() == []
    assert (tmp_path / "elsewhere" / "run.json").exists()


def test_an_unfinished_deletion_is_finished_by_the_next_one(store, make_run, tmp_path):
    make_run().path.rename(tmp_path / "runs" / ".deleted-earlier")
    store.delete(make_run().id)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [".queue.lock"]


@pytest.mark.parametrize("state", ["queued", "starting", "training", "paused", "evaluating"])
def test_a_run_in_use_cannot_be_deleted(store, make_run, state):
    folder = make_run(state, name="busy", owner=None if state == "queued" else Owner.this())
    with pytest.raises(DigitLabError, match="stop or cancel"):
        store.delete(folder.id)
    (folder.path / "run.json").unlink()
    with pytest.raises(DigitLabError, match="stop or cancel"):
        store.delete(folder.id)
    assert folder.status().state == state


CHANGES = (
    lambda store, run_id: store.rename(run_id, "x"),
    lambda store, run_id: store.annotate(run_id, "x"),
    lambda store, run_id: store.delete(run_id),
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_shipped_run_cannot_be_changed(store, shipped, change):
    with pytest.raises(DigitLabError, match="such as ours, cannot be changed"):
        change(store, shipped)
    assert sorted(path.name for path in (store.shipped_dir / shipped).iterdir()) == ["run.json", "status.json"]


@pytest.mark.parametrize("run_id", ["nowhere", "../shipped", "", ".hidden"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_folder_that_is_not_a_run_cannot_be_changed(store, make_run, run_id, change):
    make_run().path.rename(store.runs_dir / ".hidden")
    with pytest.raises(DigitLabError):
        change(store, run_id)
    assert (store.runs_dir / ".hidden").exists()


def test_a_folder_that_cannot_be_written_is_reported(store, make_run, tmp_path):
    folder = make_run(name="stuck")
    (folder.path / "label.json").mkdir()
    with pytest.raises(DigitLabError, match="stuck cannot be renamed"):
        store.rename(folder.id, "x")
    (tmp_path / "runs" / ".queue.lock").unlink()
    (tmp_path / "runs" / ".queue.lock").mkdir()
    for change in (lambda: store.annotate(folder.id, "x"), lambda: store.delete(folder.id)):
        with pytest.raises(DigitLabError, match="DIGIT_LAB_RUNS"):
            change()
    assert store.find(folder.id).name == "stuck"


def test_runs_set_aside_can_be_restored_together_after_a_restart(store, make_run):
    runs, kept = [make_run(name="one"), make_run(name="two")], make_run()
    store.set_aside([folder.id for folder in runs])
    assert [run.id for run in store.entries()] == [kept.id]
    again = RunStore(store.runs_dir, store.shipped_dir)
    aside = again.set_aside_runs()
    assert {run.name for run in aside} == {"one", "two"}
    assert all(50 < run.seconds_left <= 60 for run in aside)
    (batch,) = {run.batch for run in aside}
    again.clear_deleted()
    again.restore(batch)
    assert {run.id for run in store.entries()} == {kept.id, *(folder.id for folder in runs)}
    assert store.set_aside_runs() == []
    with pytest.raises(DigitLabError, match="can no longer be restored"):
        again.restore(batch)


def test_a_run_set_aside_is_permanently_deleted_after_a_minute(store, make_run, monkeypatch):
    folder = make_run()
    store.set_aside([folder.id])
    (aside,) = store.set_aside_runs()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert store.set_aside_runs() == []
    with pytest.raises(DigitLabError, match="can no longer be restored"):
        store.restore(aside.batch)
    store.clear_deleted()
    assert [path.name for path in store.runs_dir.iterdir()] == [".queue.lock"]


def test_nothing_is_set_aside_if_one_of_the_runs_is_in_use(store, make_run):
    done, busy = make_run(), make_run("queued", name="busy")
    with pytest.raises(DigitLabError, match="busy is training or queued"):
        store.set_aside([done.id, busy.id])
    assert {run.id for run in store.entries()} == {done.id, busy.id}


def test_a_run_is_not_restored_over_another(store, make_run):
    folder = make_run()
    store.set_aside([folder.id])
    make_run().path.rename(folder.path)
    (aside,) = store.set_aside_runs()
    with pytest.raises(DigitLabError, match="cannot be restored"):
        store.restore(aside.batch)
    assert aside.folder.path.exists()


def test_an_opened_run_can_be_pinned_and_tagged_but_not_renamed(store, make_run):
    folder = make_run()
    (folder.path / "opened.json").write_text("{}", encoding="utf-8")
    store.pin(folder.id, pinned=True)
    store.tag(folder.id, ["mine"])
    assert folder.label() == Label(pinned=True, tags=("mine",))
    with pytest.raises(DigitLabError, match="opened from a file"):
        store.rename(folder.id, "x")


def test_readers_never_see_a_half_deleted_run(store, make_run):
    folders = [make_run() for _ in range(20)]
    for folder in folders:
        for n in range(20):
            (folder.path / f"a{n}").write_bytes(b"x")
    ended, damaged = threading.Event(), []

    def read():
        while not ended.is_set():
            entries = RunStore(store.runs_dir, store.shipped_dir).entries()
            damaged.extend(run for run in entries if isinstance(run, DamagedRun))

    reader = threading.Thread(target=read)
    reader.start()
    for folder in folders:
        store.delete(folder.id)
    ended.set()
    reader.join()
    assert damaged == []


def test_a_command_names_a_run_by_folder_id_or_shown_name(store, make_run, shipped, monkeypatch, tmp_path):
    run = make_run(name="Monday")
    assert store.folder(run.id) == store.folder("Monday") == store.folder(str(run.path)) == run
    monkeypatch.chdir(run.path.parent)
    assert store.folder(f"./{run.id}") == run
    run.write_label(Label("Ours, of Monday"))
    assert store.folder("Ours, of Monday") == run
    with pytest.raises(DigitLabError, match="no run Monday"):
        store.folder("Monday")
    # another folder of the same name in the current directory does not hide a run
    monkeypatch.chdir(tmp_path)
    (tmp_path / shipped).mkdir()
    assert store.folder(shipped).path == store.shipped_dir / shipped


def test_a_name_that_several_runs_have_is_refused_with_their_ids(store, make_run):
    both = [make_run(name="twins") for _ in range(2)]
    with pytest.raises(DigitLabError, match="2 runs are named twins") as refused:
        store.folder("twins")
    assert all(run.id in str(refused.value) for run in both)


@pytest.mark.parametrize("run", ["", "../x", "x" * 5000, "~nobody-of-this-name/run", "/nowhere"])
def test_a_name_of_no_run_on_the_command_line_is_refused(store, run):
    with pytest.raises(DigitLabError):
        store.folder(run).manifest()
