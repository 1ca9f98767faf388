"""The bell beside the running job, and what the browser announces when a long run ends."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from core.data import datasets
from core.runs.cross_validation import FILE, CrossValidation, write_out_of_sample
from core.runs.owner import Owner
from core.runs.store import RunStore
from core.text import Message


def told(test):
    """The message to the bell's script; None if there is no bell."""
    messages = [json.loads(element.proto.json) for element in test.get("bidi_component") if element.proto.json]
    return next((data for data in messages if isinstance(data, dict) and "ended" in data), None)


def end(folder, **status):
    folder.write_status(replace(folder.status(), state="finished", owner=None, **status))


def test_there_is_no_bell_until_a_run_trains(app, make_run):
    make_run("finished", seconds=75)
    assert told(app("data")) is None


def test_the_end_of_a_long_run_is_announced_with_its_result_and_verdict(app, make_run):
    folder = make_run("training", seconds=75)
    test = app("data")
    assert (told(test)["shown"], told(test)["ended"]) == (True, None)
    end(folder, test_accuracy=0.9812)
    bell = told(test.run())
    assert not bell["shown"]
    assert bell["ended"]["id"] == folder.id
    assert bell["ended"]["title"] == "mlp-512: finished, 98.12\xa0% on the test digits"
    assert "loss" in bell["ended"]["body"]
    assert told(test.run()) == bell


def test_somebody_elses_run_has_no_bell(app, make_run, monkeypatch):
    make_run("training", seconds=75)
    monkeypatch.setattr("core.queue.permissions.Access.may_change", lambda *_: False)
    assert told(app("data")) is None


@pytest.mark.parametrize("seconds", [0, 59])
def test_the_end_of_a_short_run_is_not_told(app, make_run, seconds):
    folder = make_run("training", seconds=seconds)
    test = app("data")
    end(folder)
    assert told(test.run())["ended"] is None


@pytest.fixture
def job(app, make_run, runs_dir):
    """A cross-validation that has trained for longer than a minute."""
    run = make_run("finished", errors={3: 9})
    test = app("mistakes", run=run.id, show="labels", labels_of="training")
    test.button(key="cross_validation.start").click().run()
    (found,) = RunStore(runs_dir).jobs()
    found.folder.change_status(state="training", owner=Owner.this(), epoch=4, seconds=75)
    return found


def test_the_end_of_a_cross_validation_is_announced_with_its_suspects(app, job, runs_dir):
    test = app("data")
    assert told(test)["shown"]
    labels = np.array(datasets.load("mnist-5k").train_labels[:3200])
    logits = np.where(np.arange(10) == labels[:, None], 2.0, -6.0)
    logits[7] = np.where(np.arange(10) == (labels[7] + 1) % 10, 3.0, -6.0)
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    path = runs_dir / job.task.run / FILE
    write_out_of_sample(path, logs.astype(np.float16), labels, CrossValidation(job.task.run, (0.001,)))
    job.folder.change_status(state="finished", owner=None)
    shutil.rmtree(job.folder.path)  # as the queue does with a finished job
    ended = told(test.run())["ended"]
    assert ended == {
        "id": job.id,
        "title": "mlp-512: cross-validated",
        "body": "1 of 3,200 labels of the training set may be wrong.",
    }


def test_a_cross_validation_that_ends_early_is_announced_with_its_reason(app, job):
    test = app("data")
    message = Message("cross_validation.stopped", done=1, folds=3)
    job.folder.change_status(state="stopped", owner=None, message=message)
    ended = told(test.run())["ended"]
    assert ended["title"].endswith(": stopped")
    assert ended["body"] == "Stopped with 1 of 3 folds finished; they are kept."
