"""Listing and finding runs, whatever lies in the folder."""

import pytest

from core.errors import DigitLabError
from core.runs.folder import RunFolder
from core.runs.store import RunStore


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs", tmp_path / "shipped")


def test_lists_own_runs_newest_first_then_shipped_and_unreadable_with_a_reason(store, make_run, tmp_path):
    first, second = make_run(), make_run("stopped")
    later = second.manifest()
    second.write_manifest(type(later)(later.name, later.created + 60, later.config))
    (tmp_path / "runs" / "foreign").mkdir()
    (tmp_path / "runs" / "note.txt").write_text("x", encoding="utf-8")
    (tmp_path / "runs" / ".hidden").mkdir()
    (tmp_path / "shipped").mkdir()
    make_run().path.rename(tmp_path / "shipped" / "shipped-run")
    runs = store.runs()
    assert [run.id for run in runs] == [second.id, first.id, "foreign", "shipped-run"]
    assert [run.shipped for run in runs] == [False, False, False, True]
    assert [bool(run.problem) for run in runs] == [False, False, True, False]
    assert "run.json" in runs[2].problem


def test_sees_a_changed_status_at_once(store, make_run):
    folder = make_run("queued")
    assert store.runs()[0].status.state == "queued"
    folder.change_status(state="finished")
    assert store.runs()[0].status.state == "finished"


def test_there_need_be_no_runs_folder(store):
    assert store.runs() == []


@pytest.mark.parametrize(
    "run_id", ["", ".", "..", "../shipped", "a/b", "/etc", "a\\b", "x" * 200, "\0", "nowhere", "run\n"]
)
def test_an_id_never_leads_out_of_the_folder(store, make_run, tmp_path, run_id):
    make_run()
    (tmp_path / "secret").mkdir()
    with pytest.raises(DigitLabError):
        store.find(run_id)


def test_finds_a_run_by_its_id(store, make_run):
    folder = make_run()
    assert store.find(folder.id).folder == RunFolder(folder.path)
