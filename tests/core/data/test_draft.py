"""A data set on trial: read in a process of its own, then kept or discarded, and nothing of it seen before."""

import io
import json
import time

import numpy as np
import pytest

from core.config.datasets import known_names
from core.data.datasets import load
from core.data.draft import Draft, Limits, main
from core.data.form import Wish
from core.data.importing import Choices
from core.errors import DigitLabError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def npz():
    file = io.BytesIO()
    images = np.random.default_rng(1).integers(0, 256, (40, 9, 8), np.uint8)
    np.savez(file, x=images, y=np.arange(40) % 2)
    file.seek(0)
    return file


def test_what_was_sent_is_read_in_another_process_looked_at_and_kept(folder):
    draft = Draft.new()
    paths = draft.receive([("C:\\things\\..\\my birds.npz", npz())])
    assert [path.relative_to(draft.folder).as_posix() for path in paths] == ["incoming/my birds.npz"]
    process = draft.start(paths, Choices(), Limits(memory=3 * 2**30, seconds=60), title="Birds")
    assert process.wait(60) == 0
    assert draft.state().state == "ready"
    assert draft.about().title == "Birds"
    assert draft.arrays().train_images.shape == (32, 9, 8)
    assert "birds" not in known_names()
    again = draft.start(draft.paths(), Choices(Wish(size=(12, 12))), Limits())
    assert again.wait(60) == 0
    assert draft.about().description.shape == (12, 12, 1)
    with pytest.raises(DigitLabError, match="well-known"):
        draft.keep("mnist")
    draft.keep("birds", licence="CC0", owner="someone")
    assert load("birds").train_images.shape == (32, 12, 12)
    assert not draft.folder.exists()
    assert json.loads((folder / "birds/about.json").read_text())["licence"] == "CC0"


def run(draft, paths, **options):
    """The draft's work, in this process."""
    request = {"wish": {"size": None, "mode": "fit", "channels": None}, "share": 0.2, "seed": 1, "most_bytes": 0}
    request |= {"limits": {"memory": 0, "seconds": 0}, "title": "", "paths": [str(path) for path in paths]} | options
    (draft.folder / "request.json").write_text(json.dumps(request))
    main(draft.folder)
    return draft.state()


def test_unreadable_files_are_reported_and_leave_no_data_set():
    draft = Draft.new()
    paths = draft.receive([("a.npz", io.BytesIO(b"PK no zip"))])
    state = run(draft, paths)
    assert state.state == "failed"
    assert "not a complete ZIP" in str(state.message)
    assert "cannot be read" in str(run(draft, [draft.folder / "gone.zip"]).message)
    assert "limit here is 0 MB" in str(run(draft, draft.receive([("b.npz", npz())]), most_bytes=99).message)
    draft.discard()
    assert not draft.folder.exists()


def test_two_files_of_one_name_are_refused():
    with pytest.raises(DigitLabError, match=r"called a\.csv"):
        Draft.new().receive([("x/a.csv", npz()), ("y/a.csv", npz())])


def test_a_draft_that_was_forgotten_is_removed_after_a_day(folder, monkeypatch):
    old = Draft.new()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 90_000)
    Draft.new()
    assert not old.folder.exists()
    assert len(list((folder / ".drafts").iterdir())) == 1


def test_a_process_that_takes_too_long_ends_with_a_sentence():
    draft = Draft.new()
    files = [(f"{n}.csv", io.BytesIO(b"x")) for n in range(3)]
    process = draft.start(draft.receive(files), Choices(), Limits(seconds=0.0001))
    assert process.wait(60) == 2
    assert draft.state().state == "failed"


def test_a_well_known_set_is_downloaded_in_that_process_and_kept(monkeypatch):
    added = []
    monkeypatch.setattr("core.data.draft.add_known", lambda name, paths, _: added.append((name, paths)))
    draft = Draft.new()
    (draft.folder / "request.json").write_text(json.dumps({"known": "kmnist"}))
    assert main(draft.folder) == 0
    assert added == [("kmnist", [])]
    assert draft.state().state == "ready"
