"""The command line for data sets: add, list, rename, describe, export, delete, and known sets by name."""

import json

import numpy as np
import pytest

from core.data.__main__ import main
from core.data.datasets import load


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DIGIT_LAB_RUNS", str(tmp_path / "runs"))
    random = np.random.default_rng(1)
    np.savez(tmp_path / "a.npz", x=random.integers(0, 256, (40, 9, 8), np.uint8), y=np.arange(40) % 2)
    return tmp_path


def said(capsys, *arguments, code=0):
    """What a command prints, on both streams."""
    assert main([str(argument) for argument in arguments]) == code
    written = capsys.readouterr()
    return written.out + written.err


def test_a_path_is_added_listed_changed_exported_and_deleted(folders, capsys):
    text = said(
        capsys, "add", folders / "a.npz", "--name", "mine", "--size", "12", "--channels", "3", "--title", "My set"
    )
    assert "mine: 2 classes, 32 training and 8 test images, 12 × 12 × 3" in text
    assert "- All images are 9 × 8 pixels; they were made 12 × 12." in text
    assert "mine: My set, 2 classes" in said(capsys, "list")
    said(capsys, "rename", "mine", "Better name")
    text = said(capsys, "describe", "mine", "--license", "CC0", "--note", "by hand")
    assert "Title: Better name" in text
    assert "License: CC0" in text
    assert said(capsys, "describe", "mine").startswith(text[:20])
    said(capsys, "export", "mine", folders / "out.npz")
    with np.load(folders / "out.npz") as file:
        assert np.array_equal(file["x_test"], load("mine").test_images)
    assert said(capsys, "delete", "mine") == ""
    assert "mine" not in said(capsys, "list")


def test_a_set_that_runs_need_is_deleted_only_when_that_is_confirmed(folders, capsys):
    said(capsys, "add", folders / "a.npz", "--name", "mine")
    for name, dataset in (("one", "mine"), ("two", "mnist")):
        (folders / f"runs/{name}").mkdir(parents=True)
        (folders / f"runs/{name}/run.json").write_text(json.dumps({"config": {"dataset": dataset}}))
    (folders / "runs/damaged").mkdir()
    (folders / "runs/damaged/run.json").write_text("[")
    text = said(capsys, "delete", "mine", code=2)
    assert "needed by 1 run (one)" in text
    assert "mine: " in said(capsys, "list")
    said(capsys, "delete", "mine", "--yes")
    assert "mine: " not in said(capsys, "list")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "a.npz", "--name", "mnist"], "well-known"),
        (["add", "a.npz", "--name", "cifar-10"], "well-known"),
        (["add", "a.npz", "--name", "My Set"], "small letters, digits and hyphens"),
        (["add", "a.npz", "--name", "../x"], "small letters, digits and hyphens"),
        (["add", "missing.npz", "--name", "x"], "cannot be read"),
        (["add", "a.npz", "--name", "x", "--size", "5"], "from 8 to 128"),
        (["add", "a.npz", "--name", "x", "--test-share", "2"], "from 0.01 to 0.9"),
        (["delete", "x"], "no added data set x"),
        (["rename", "x", "y"], "no added data set x"),
        (["describe", "../x"], "no added data set"),
        (["export", "x", "out.npz"], "no added data set x"),
        (["kmnist", "--from", "a.npz"], "not Kuzushiji-MNIST"),
    ],
)
def test_an_impossible_command_is_refused_in_one_sentence(arguments, sentence, folders, capsys, monkeypatch):
    monkeypatch.chdir(folders)
    text = said(capsys, *arguments, code=2)
    assert sentence in text
    assert len(text.strip().splitlines()) == 1
    assert list((folders / "data").glob("*/")) == []


def test_a_name_is_taken_once(folders, capsys):
    said(capsys, "add", folders / "a.npz", "--name", "mine")
    assert "already" in said(capsys, "add", folders / "a.npz", "--name", "mine", code=2)
