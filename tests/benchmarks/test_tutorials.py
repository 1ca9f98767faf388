"""What is read of a script is what Keras has when the rewritten script runs."""

import os
import shutil
from pathlib import Path

import pytest

from benchmarks.tutorials import recorded
from benchmarks.tutorials.__main__ import SCRIPTS, compare, main

FEW = ("keras_1_dim_ordering", "lenet_class_theano", "chinese_names")


@pytest.mark.slow  # tests/core/tutorials read such scripts
def test_a_few_scripts_are_read_as_keras_has_them_and_others_reported(tmp_path):
    for name in (*FEW, "asks_for_epochs"):
        shutil.copy(SCRIPTS / f"{name}.txt", tmp_path)
    (tmp_path / "fails.txt").write_text("import keras\nkeras.no_such_thing()\n", encoding="utf-8")
    found = compare(tmp_path)
    assert "no_such_thing" in found.pop("fails")[0]
    assert found.pop("asks_for_epochs") == ["marked: fit 1: epochs is 3, read as None"]
    assert found == {name: [] for name in sorted(FEW)}


PAGES = os.environ.get("DIGIT_LAB_TUTORIALS")


@pytest.mark.skipif(not PAGES, reason="DIGIT_LAB_TUTORIALS is not set.")
def test_the_tutorials_pages_run_with_keras_3_as_they_are_read(tmp_path):
    for path in Path(PAGES or "").glob("*.txt"):
        if "model" in (text := path.read_text(encoding="utf-8")) and ".fit(" in text:
            shutil.copy(path, tmp_path)
    found = compare(tmp_path)
    assert len(found) == 4
    assert [each for each in found.values() if each] == []


@pytest.mark.slow
def test_scripts_that_keras_3_runs_are_recorded_as_they_are(capsys):
    assert recorded.main(()) == 0, capsys.readouterr().out
    assert len(recorded.NAMES) >= 10


@pytest.mark.slow
def test_at_least_95_of_100_scripts_are_exact_and_none_wrong_unmarked(capsys):
    assert main() == 0
    assert len(list(SCRIPTS.iterdir())) >= 40
    assert "0 values wrong unmarked" in capsys.readouterr().out
