"""A run's network made from its settings."""

import shutil

import pytest

from core.bundle.build import build_network
from core.runs.folder import RunFolder


@pytest.mark.slow  # opening a bundle of an earlier version builds a network too
def test_a_built_network_equals_the_one_that_training_wrote(finished_cnn, tmp_path, monkeypatch):
    # rebuilt, not kept from the training
    monkeypatch.setenv("DIGIT_LAB_CACHE", str(tmp_path / "cache"))
    shutil.copyfile(finished_cnn.path / "run.json", tmp_path / "run.json")
    build_network(RunFolder(tmp_path))
    for name in ("network.tflite", "architecture.json"):
        assert (tmp_path / name).read_bytes() == (finished_cnn.path / name).read_bytes()
