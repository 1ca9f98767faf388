"""Deleted data sets can be restored for a minute, unless another has taken the name."""

import time

import pytest

from core.data import deleted
from core.data.datasets import load
from core.data.store import AddedDataset, added_sets
from core.deleted_folders import UNDO_SECONDS
from core.errors import DigitLabError
from tests.brought import bring


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path))
    return tmp_path


def test_a_deleted_set_is_out_of_sight_and_comes_back_as_it_was(folder):
    described = bring(folder, "mine")
    deleted.set_aside(AddedDataset.named("mine"))
    assert added_sets() == []
    deleted.clear()
    (aside,) = deleted.set_aside_sets()
    assert (aside.name, aside.about.description) == ("mine", described)
    assert 50 < aside.folder.seconds_left <= UNDO_SECONDS
    deleted.restore(aside)
    assert load("mine").description == described
    assert deleted.set_aside_sets() == []
    with pytest.raises(DigitLabError, match="already"):
        deleted.restore(aside)


def test_a_set_is_not_restored_over_another_of_its_name(folder):
    bring(folder, "mine")
    deleted.set_aside(AddedDataset.named("mine"))
    other = bring(folder, "mine", classes=("a", "b"))
    (aside,) = deleted.set_aside_sets()
    with pytest.raises(DigitLabError, match="mine"):
        deleted.restore(aside)
    assert load("mine").description == other


def test_after_a_minute_it_is_gone_and_its_files_too(folder, monkeypatch):
    bring(folder, "mine")
    deleted.set_aside(AddedDataset.named("mine"))
    (aside,) = deleted.set_aside_sets()
    # what an earlier version left, and a link
    (folder / ".deleted-other-1795942396177627").mkdir()
    (folder / ".deleted-link").symlink_to(folder)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + UNDO_SECONDS)
    assert deleted.set_aside_sets() == []
    with pytest.raises(DigitLabError, match="a minute has passed"):
        deleted.restore(aside)
    deleted.clear()
    assert [path.name for path in folder.iterdir() if path.is_dir()] == []
