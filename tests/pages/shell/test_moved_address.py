"""Addresses of earlier versions."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest


def replacement(test):
    """The address to which the page sends the browser, and its parameters."""
    (mounted,) = (element for element in test.get("bidi_component") if element.key == "moved_address")
    address = urlsplit(json.loads(mounted.proto.json)["to"])
    return address.path, {name: value for name, (value,) in parse_qs(address.query).items()}


@pytest.mark.parametrize(
    ("old", "new", "left_out"),
    [
        ("results", "./run", {"tab": "results"}),
        ("mistakes", "./run", {"tab": "mistakes"}),
        ("inside", "./run", {"tab": "inside"}),
        ("lessons", "./learn", {"lesson": "descent"}),
    ],
)
def test_an_old_address_is_replaced_and_keeps_its_parameters(app, old, new, left_out):
    link = {"run": "a&b=c", "epoch": "3", "digit": "7"}
    assert replacement(app(f"/{old}", **link)) == (new, left_out | link)
