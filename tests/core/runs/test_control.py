"""Requests to the worker: taken in order, once, and only when complete."""

import pytest

from core.errors import DigitLabError
from core.files import replacing
from core.runs.control import Request


def test_requests_are_taken_in_order_and_once(make_run):
    folder = make_run("training")
    folder.control.ask("pause")
    folder.control.ask("learning_rate", 0.003)
    folder.control.ask("stop")
    (folder.control.path / "00-foreign.json").write_text("{", encoding="utf-8")
    assert folder.control.take() == [Request("pause"), Request("learning_rate", 0.003), Request("stop")]
    assert folder.control.take() == []


def test_a_request_is_not_taken_before_it_is_complete(make_run):
    folder = make_run("training")
    with replacing(folder.control.path / "1.json") as draft:
        folder.control.path.mkdir()
        draft.write_text('{"command": "stop", "value": null}', encoding="utf-8")
        assert not folder.control.pending
        assert folder.control.take() == []
    assert folder.control.pending
    assert folder.control.take() == [Request("stop")]


def test_an_unknown_command_is_refused(make_run):
    with pytest.raises(DigitLabError, match="explode"):
        make_run("training").control.ask("explode")
