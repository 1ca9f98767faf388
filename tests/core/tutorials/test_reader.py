"""A page has a tutorial read in another process, with limits, which may be ready before it comes."""

import subprocess
import sys

import pytest

from core import child_process
from core.errors import DigitLabError
from core.places import ROOT
from core.tutorials.reader import Reader
from tests.core.tutorials.conftest import DATA

CODE = (
    DATA
    + """
from keras.models import Sequential
from keras.layers import Dense
model = Sequential([Dense(10, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")
model.fit(x, y, nb_epoch=2)
Epoch 1/2
5/5 [====] - 1s - loss: 0.5 - acc: nan
Epoch 2/2
5/5 [====] - 1s - loss: 0.4 - acc: 0.9
"""
)


def test_everything_that_a_page_shows_comes_back():
    reading = Reader().read(CODE.encode())
    (training,) = reading.trainings
    assert (training.layers, training.epochs, training.config.epochs) == (1, 2, 2)
    assert "epochs=2" in reading.code
    assert "+model.fit(x, y, epochs=2)" in reading.diff
    assert [str(change.said) for change in reading.changes] == ["The argument nb_epoch is now called epochs."]
    assert reading.printed_by(0).loss == (0.5, 0.4)
    assert '"cells"' in reading.notebook


def test_a_page_that_offers_it_imports_no_library_for_it():
    code = "import sys, core.tutorials.sandbox; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"libcst", "nbformat", "keras", "tensorflow"} & set(ended.stdout.split())


@pytest.mark.parametrize("content", [b"x" * 6_000_000, b'{"cells": [}'])
def test_a_refusal_is_raised_in_its_own_words(content):
    with pytest.raises(DigitLabError, match=r"longer than|damaged"):
        Reader().read(content)


def test_reading_that_takes_too_long_ends_in_one_sentence():
    with pytest.raises(DigitLabError, match="too long"):
        Reader().read(CODE.encode(), timeout=0.01)


@pytest.fixture
def started(monkeypatch):
    """The processes that are started, in order."""
    found = []
    start = child_process.start
    monkeypatch.setattr(child_process, "start", lambda module: found.append(start(module)) or found[-1])
    return found


def test_a_ready_process_reads_one_tutorial(started):
    reader = Reader()
    reader.prepare()
    reader.prepare()
    assert [each.epochs for each in reader.read(CODE.encode()).trainings] == [2]
    assert [each.returncode for each in started] == [0]
    with pytest.raises(DigitLabError, match="longer than"):
        reader.read(b"x" * 6_000_000)
    assert len(started) == 2


def test_a_ready_process_that_has_died_is_replaced(started):
    reader = Reader()
    reader.prepare()
    started[0].kill()
    started[0].wait()
    assert reader.read(CODE.encode()).trainings
    assert len(started) == 2


def test_a_ready_process_ends_when_nobody_uses_it(started):
    Reader(idle_seconds=0.1).prepare()
    assert started[0].wait(30) < 0
