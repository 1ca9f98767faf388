"""The shared address leads to the same view in another browser."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.pages.actions import send
from tests.pages.shown import popover


def shared(test):
    """The parameters of the address that Share offers."""
    send(test, id=popover(test, "top.share"), bool_value=True)
    messages = [json.loads(element.proto.json) for element in test.get("bidi_component") if element.proto.json]
    (link,) = [data["text"] for data in messages if isinstance(data, dict) and "by_hand" in data]
    return dict(parse_qsl(urlsplit(link).query))


def test_it_has_what_the_address_has(app):
    parameters = {"tab": "mistakes", "run": "mlp-512", "epoch": "2", "digit": "7", "present": "1"}
    assert shared(app("/run", **parameters)) == parameters


@pytest.mark.parametrize(("page", "name"), [("results", "run"), ("train", "run"), ("draw", "model"), ("learn", "run")])
def test_it_names_the_run_that_the_page_chose(app, make_run, page, name):
    parameters = {"lesson": "step"} if page == "learn" else {}
    chosen = shared(app(page, **parameters))[name]
    make_run("finished", errors={3: 10})
    assert shared(app(page, **parameters, **{name: chosen}))[name] == chosen
