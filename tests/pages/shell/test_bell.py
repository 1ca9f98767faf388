"""The bell beside the running job, and what the browser is told when a long run ends."""

import json
from dataclasses import replace

import pytest


def told(test):
    """The message to the bell's script; None if there is no bell."""
    messages = [json.loads(element.proto.json) for element in test.get("bidi_component") if element.proto.json]
    return next((data for data in messages if isinstance(data, dict) and "ended" in data), None)


def end(folder, **status):
    folder.write_status(replace(folder.status(), state="finished", owner=None, **status))


def test_there_is_no_bell_until_a_run_trains(app, make_run):
    make_run("finished", seconds=75)
    assert told(app("data")) is None


def test_the_end_of_a_long_run_is_told_with_its_result_and_verdict(app, make_run):
    folder = make_run("training", seconds=75)
    test = app("data")
    assert (told(test)["shown"], told(test)["ended"]) == (True, None)
    end(folder, test_accuracy=0.9812)
    bell = told(test.run())
    assert not bell["shown"]
    assert bell["ended"]["id"] == folder.id
    assert bell["ended"]["title"] == "mlp-512: finished, 98.12 % on the test digits"
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
