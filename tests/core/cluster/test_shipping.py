"""Data sets on their way to a node: found by their digest, else unpacked where the node looks for them."""

import numpy as np
import pytest

from core.cluster import shipping
from core.data import datasets
from core.data.store import AddedDataset
from core.errors import DataUnavailable
from tests.brought import bring


@pytest.fixture
def on_the_node(monkeypatch, tmp_path):
    """From here on, this is a node, with a cache of its own and no data sets."""

    def go():
        monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path / "node"))
        monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "none"))
        monkeypatch.setenv("DIGIT_LAB_MNIST", str(tmp_path / "none.npz"))

    return go


def test_a_data_set_that_a_person_brought_is_the_same_on_the_node(monkeypatch, tmp_path, on_the_node):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    described = bring(tmp_path / "data", "leaves")
    before = datasets.load("leaves")
    files = shipping.packed("leaves")
    on_the_node()
    assert not shipping.is_here("leaves", described.digest)
    shipping.unpack("leaves", described.digest, files)
    assert shipping.is_here("leaves", described.digest)
    assert not shipping.is_here("leaves", "0" * 64)
    monkeypatch.setenv("DIGIT_LAB_DATA", str(shipping.folder_of_brought("leaves", described.digest)))
    after = datasets.load("leaves")
    assert np.array_equal(after.train_images, before.train_images)
    assert (after.digest, after.description) == (described.digest, before.description)


def test_two_data_sets_of_one_name_are_kept_apart(monkeypatch, tmp_path, on_the_node):
    packed = {}
    for folder, classes in (("a", ("leaf", "stone")), ("b", ("x", "y", "z"))):
        monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / folder))
        described = bring(tmp_path / folder, "mine", classes=classes)
        packed[described.digest] = shipping.packed("mine")
    on_the_node()
    for digest, files in packed.items():
        shipping.unpack("mine", digest, files)
    for digest in packed:
        folder = shipping.folder_of_brought("mine", digest)
        assert AddedDataset(folder, "mine").about().description.digest == digest


def test_one_that_is_built_in_goes_into_the_nodes_cache(monkeypatch, on_the_node):
    files, digest = shipping.packed("mnist-5k"), datasets.load("mnist-5k").digest
    on_the_node()
    monkeypatch.setitem(datasets._LOCAL_FILES, "mnist-5k", lambda: None)
    shipping.unpack("mnist-5k", digest, files)
    assert datasets.status("mnist-5k").state == "ready"
    assert shipping.folder_of_brought("mnist-5k", digest) is None
    shipping.unpack("mnist-5k", digest, files)


def test_what_the_server_does_not_have_is_not_sent(on_the_node):
    on_the_node()
    assert not shipping.is_available("mnist")
    assert not shipping.is_available("leaves")
    with pytest.raises(DataUnavailable):
        shipping.packed("leaves")
