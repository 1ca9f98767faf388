"""Network files that were made before."""

import keras
import pytest

from core.config.presets import PRESETS
from core.training import network_cache
from core.training.network_cache import cached_network
from core.training.networks import build_network


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path))
    return tmp_path / "networks"


def refuse() -> bytes:
    raise AssertionError("converted again")


def small(units: int) -> keras.Model:
    return build_network(PRESETS["mlp"].replace(hidden_units=str(units)))


def test_networks_that_differ_in_weights_alone_are_converted_once():
    assert cached_network(small(4), lambda: b"four") == b"four"
    assert cached_network(small(4), refuse) == b"four"
    assert cached_network(small(5), lambda: b"five") == b"five"


def test_a_damaged_file_is_made_again(folder):
    cached_network(small(4), lambda: b"four")
    (path,) = folder.iterdir()
    path.write_bytes(b"fou")
    assert cached_network(small(4), lambda: b"four") == b"four"


def test_without_a_folder_to_write_to_a_network_is_converted_each_time(folder):
    folder.write_bytes(b"")
    assert cached_network(small(4), lambda: b"four") == b"four"
    assert cached_network(small(4), lambda: b"again") == b"again"


def test_the_oldest_files_go(folder, monkeypatch):
    monkeypatch.setattr(network_cache, "MOST", 2)
    for units in (4, 5, 6):
        cached_network(small(units), lambda units=units: bytes([units]))
    assert sorted(path.read_bytes() for path in folder.iterdir()) == [b"\5", b"\6"]
