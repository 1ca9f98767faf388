"""The command prints what it read, for people and for programs."""

import json
import subprocess
import sys

import pytest

from core import child_process
from core.places import ROOT
from core.tutorials.__main__ import main
from tests.core.tutorials.conftest import DATA

SCRIPT = (
    DATA
    + """
from keras.models import Sequential
from keras.layers import Dense
model = Sequential([Dense(10, activation='softmax')])
model.compile('sgd', 'categorical_crossentropy')
model.fit(x, y, nb_epoch=int(input()), batch_size=50)
"""
)


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return str(path)


def test_json_is_one_object_with_fits_unread_code_and_history(script, capsys):
    assert main([script, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (fit,) = found["fits"]
    assert (fit["optimizer"], fit["batch_size"], fit["epochs"], fit["parameters"]) == ("sgd", 50, None, 7850)
    (unread,) = found["unread"]
    assert unread["code"] == "model.fit(x, y, nb_epoch=int(input()), batch_size=50)"
    assert "epochs=int(input())" in found["code"]
    assert found["history"] == []


def test_train_trains_the_first_network_with_its_settings(script, monkeypatch):
    started = []
    monkeypatch.setattr("core.tutorials.__main__.subprocess.call", lambda command, **_: started.append(command) or 0)
    assert main([script, "--train"]) == 0
    (command,) = started
    assert command[1:5] == ["-m", "core.training", "--preset", "mlp"]
    assert {"batch_size=50", "optimizer=sgd", "hidden_units="} <= set(command)


def test_a_person_reads_settings_reasons_and_changed_lines(script, capsys):
    assert main([script]) == 0
    printed = capsys.readouterr().out
    for part in (
        "Dense(units=10, activation=softmax)",
        "batch_size: 50",
        "asks for this value",
        "-model.fit(x, y, nb_epoch",
    ):
        assert part in printed


@pytest.mark.parametrize(
    ("content", "status"), [(b"Only words.\n", 1), (b'{"cells": [', 2), (b"x = 1\n" * 1_000_000, 2)]
)
def test_nothing_understood_and_unreadable_files_have_their_own_status(tmp_path, content, status, capsys):
    path = tmp_path / "tutorial"
    path.write_bytes(content)
    assert main([str(path)]) == status
    assert main([str(tmp_path / "missing")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_reading_imports_neither_keras_nor_a_notebook_library(script):
    code = f"import sys\nfrom core.tutorials.__main__ import main\nmain([{script!r}])\nprint(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=child_process.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"keras", "tensorflow", "nbformat", "streamlit", "pandas"} & set(ended.stdout.split())
