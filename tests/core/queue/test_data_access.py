"""Visitors see and change their own data sets, and what is shared; the server's owner everything."""

import io

import numpy as np
import pytest

from core.data.draft import Draft
from core.data.form import Wish
from core.data.importing import Choices
from core.data.store import AddedDataset
from core.errors import DigitLabError
from core.queue.data_access import DataAccess
from core.queue.permissions import new_key
from core.server.limits import Settings
from tests.brought import bring

ANNA, BEN = new_key(), new_key()
PUBLIC = Settings(public=True, most_data_sets_each=2, most_data_megabytes=1)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def visitor(key):
    return DataAccess(PUBLIC, key=key)


OWNER = DataAccess(Settings(), owner=True)


def added(access, name):
    """A data set that this visitor has added."""
    file = io.BytesIO()
    np.savez(file, x=np.random.default_rng(1).integers(0, 256, (20, 8, 8), np.uint8), y=np.arange(20) % 2)
    file.seek(0)
    draft = Draft.new()
    assert access.read(draft, [("a.npz", file)], [], Choices(), "").wait(60) == 0
    return access.keep(draft, name, title=name)


def seen(access):
    return [added.name for added, _ in access.visible()]


def test_a_visitors_set_is_seen_by_them_and_the_owner_until_it_is_shared(folder):
    bring(folder, "everyones")
    added(visitor(ANNA), "annas")
    assert seen(visitor(ANNA)) == seen(OWNER) == ["annas", "everyones"]
    assert seen(visitor(BEN)) == seen(DataAccess(PUBLIC)) == ["everyones"]
    assert not visitor(BEN).may_see("annas")
    assert visitor(BEN).may_see("everyones")
    assert visitor(BEN).may_see("mnist")
    with pytest.raises(DigitLabError, match="another visitor"):
        visitor(BEN).describe("annas", shared=True)
    visitor(ANNA).describe("annas", shared=True)
    assert seen(visitor(BEN)) == ["annas", "everyones"]
    for name in ("annas", "everyones"):
        assert not visitor(BEN).may_change(AddedDataset.named(name).about())
        with pytest.raises(DigitLabError, match="another visitor"):
            visitor(BEN).delete(name)
    visitor(ANNA).delete("annas")
    assert visitor(BEN).set_aside_sets() == []
    (aside,) = visitor(ANNA).set_aside_sets()
    with pytest.raises(DigitLabError, match="another visitor"):
        visitor(BEN).restore(aside)
    visitor(ANNA).restore(aside)
    assert seen(visitor(ANNA)) == ["annas", "everyones"]
    visitor(ANNA).delete("annas")
    OWNER.delete("everyones")
    assert seen(OWNER) == []


def test_a_visitor_has_limits_of_number_and_size_and_names_no_paths(folder, tmp_path):
    bring(folder, "a", training=1)
    draft = Draft.new()
    with pytest.raises(DigitLabError, match="Only the owner"):
        visitor(ANNA).read(draft, [], [tmp_path], Choices(), "")
    for name in ("one", "two"):
        added(visitor(ANNA), name)
    with pytest.raises(DigitLabError, match="2 data sets, the maximum"):
        added(visitor(ANNA), "three")
    added(visitor(BEN), "bens")
    file = io.BytesIO()
    np.savez(file, x=np.zeros((200, 8, 8), np.uint8), y=np.arange(200) % 2)
    file.seek(0)
    large = Choices(Wish(size=(128, 128)))
    assert visitor(BEN).read(draft, [("a.npz", file)], [], large, "").wait(60) == 2
    assert "need 3 MB; the limit here is 1 MB" in str(draft.state().message)
