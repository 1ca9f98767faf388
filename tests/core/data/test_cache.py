"""One cached copy for all processes: damaged copies are replaced, and no leftovers remain."""

import json

import numpy as np
import pytest

from core.data.arrays import Arrays
from core.data.datasets import load, status
from core.errors import DataUnavailable

FIELDS = Arrays._fields


def cut_images(folder):
    path = folder / "train_images.npy"
    path.write_bytes(path.read_bytes()[:-1])


def longer_labels(folder):
    path = folder / "test_labels.npy"
    path.write_bytes(path.read_bytes() + b"\0")


def swapped(folder):
    (folder / "train_labels.npy").replace(folder / "test_labels.npy")


def other_digest(folder):
    about = json.loads((folder / "meta.json").read_text())
    (folder / "meta.json").write_text(json.dumps(about | {"digest": "0" * 64}))


def half_meta(folder):
    (folder / "meta.json").write_text((folder / "meta.json").read_text()[:40])


def meta_of_another_kind(folder):
    (folder / "meta.json").write_text("[1]")


def no_images(folder):
    (folder / "test_images.npy").unlink()


@pytest.mark.parametrize(
    "damage", [cut_images, longer_labels, swapped, other_digest, half_meta, meta_of_another_kind, no_images]
)
def test_a_damaged_copy_is_replaced(damage, places):
    before = {field: np.array(getattr(load("mnist-5k"), field)) for field in FIELDS}
    damage(places / "cache/mnist-5k")
    assert status("mnist-5k").state == "local"
    data = load("mnist-5k")
    for field in FIELDS:
        assert (getattr(data, field) == before[field]).all()
    assert {p.name for p in (places / "cache").iterdir()} == {"mnist-5k", "mnist-5k.lock"}


def test_an_unwritable_cache_folder_is_reported(places, monkeypatch):
    (places / "file").write_text("")
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(places / "file/cache"))
    with pytest.raises(DataUnavailable, match="set DIGIT_LAB_CACHE to a writable folder"):
        load("mnist-5k")


def test_leftovers_of_a_killed_process_are_removed(places):
    left = places / "cache/.mnist-5k.abandoned"
    left.mkdir(parents=True)
    (left / "half").write_text("half")
    load("mnist-5k")
    assert not left.exists()
