"""A run on `handwriting` without the pen strokes still shows its test digits, which are MNIST's."""

import json
import shutil

import pytest

from core.data import datasets
from tests.pages.conftest import sheet
from tests.pages.oracles import SHIPPED


@pytest.mark.mnist
def test_test_digits_are_shown_without_the_pen_strokes(app, runs_dir, monkeypatch):
    monkeypatch.delenv("DIGIT_LAB_HANDWRITING", raising=False)
    datasets.load("mnist")
    folder = runs_dir / "20260101-000000-cnn-abcdef"
    shutil.copytree(SHIPPED.path, folder)
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    manifest["id"] = folder.name
    manifest["config"] |= {"dataset": "handwriting", "validation": "none"}
    (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    test = app("mistakes", run=folder.name)
    assert not test.info
    assert len(sheet(test, "mistakes.sheet")) == 48
