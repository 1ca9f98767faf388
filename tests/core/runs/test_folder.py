"""The run folder as a protocol: what is written reads back, damage is reported."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.presets import PRESETS
from core.errors import UnreadableRun
from core.files import replacing
from core.runs.folder import RunFolder
from core.runs.status import Status


def test_a_run_reads_back_and_its_json_is_readable_text(tmp_path):
    status = Status(state="finished", epoch=20, best_epoch=17, test_accuracy=0.9926)
    folder = RunFolder.create(tmp_path, PRESETS["cnn-16-36"], status, "数字 ✎")
    assert folder.manifest().config == PRESETS["cnn-16-36"]
    assert folder.manifest().name == "数字 ✎"
    assert "数字" in (folder.path / "run.json").read_text(encoding="utf-8")
    assert folder.status() == status
    assert [path.name for path in tmp_path.iterdir()] == [folder.id]


def test_runs_of_one_second_have_different_ids_although_chance_gives_one_twice(tmp_path, monkeypatch):
    monkeypatch.setattr("core.runs.folder.time.localtime", lambda _: (2026, 11, 30, 4, 0, 0, 0, 334, 0))
    given = iter(["aaaaaa", "aaaaaa", "bbbbbb", "cccccc"])
    monkeypatch.setattr("core.runs.folder.secrets.token_hex", lambda _: next(given))
    # a run that another process makes at this moment
    (tmp_path / ".new-20261130-040000-mlp-bbbbbb").mkdir()
    ids = [RunFolder.create(tmp_path, PRESETS["mlp"], Status(state="queued")).id for _ in range(2)]
    assert ids == ["20261130-040000-mlp-aaaaaa", "20261130-040000-mlp-cccccc"]
    assert RunFolder(tmp_path / ids[0]).manifest().config == PRESETS["mlp"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".new-20261130-040000-mlp-bbbbbb", *ids]


@pytest.mark.parametrize("file", ["run.json", "status.json"])
@pytest.mark.parametrize(
    "content", [None, "", "{", "null", "[]", "[" * 100_000, '{"state": "dancing"}', '{"config": {"epochs": -1}}']
)
def test_a_damaged_file_makes_the_run_unreadable(make_run, file, content):
    folder = make_run()
    if content is None:
        (folder.path / file).unlink()
    else:
        (folder.path / file).write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableRun) as error:
        folder.manifest()
        folder.status()
    assert str(error.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["state", "owner", "epoch", "message", "pid", "host"]) | st.text(), x)
        ),
    )
)
def test_reading_any_status_raises_only_unreadable_run(values):
    with contextlib.suppress(UnreadableRun):
        Status.from_json(values)


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path):
    target = tmp_path / "status.json"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(OSError, match="disk"), replacing(target) as draft:
        draft.write_text("half", encoding="utf-8")
        raise OSError("disk")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_log_tail_holds_the_last_lines(make_run):
    folder = make_run("failed")
    folder.log.write_text("\n".join(f"line {n}" for n in range(5000)), encoding="utf-8")
    assert folder.log_tail(lines=3).splitlines() == ["line 4997", "line 4998", "line 4999"]
