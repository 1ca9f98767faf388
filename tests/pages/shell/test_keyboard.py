"""The keys: each works on one button of a page, and is listed."""

from collections import Counter

import pytest

from pages.state import shortcuts
from tests.pages.conftest import PAGES

KEYS = {value for name, value in vars(shortcuts).items() if name.isupper()}
SHOWN = {"Left": "←", "Right": "→"}


def keys(test):
    return [button.proto.shortcut for button in test.button if button.proto.shortcut]


@pytest.mark.parametrize("page", PAGES)
def test_no_two_buttons_of_a_page_have_the_same_key(app, page):
    found = Counter(keys(app(page)))
    assert found.keys() >= {"p", "h"}
    assert set(found.values()) == {1}


def test_every_key_is_listed(app):
    test = app("data")
    test.button(key="top.keyboard").click().run()
    listed = " ".join(element.proto.body for element in test.get("html"))
    for key in KEYS:
        for part in SHOWN.get(key, key).split("+"):
            assert f"<kbd>{part}</kbd>" in listed, key


def test_the_next_epoch_is_opened_by_its_button(app):
    test = app("results", run="mlp-512", epoch="2")
    test.button(key="looking.next_epoch").click().run()
    assert test.query_params["epoch"] == "3"
    test.button(key="looking.previous_epoch").click().run()
    assert test.query_params["epoch"] == "2"


def test_there_is_no_epoch_after_the_last(app):
    test = app("results", run="mlp-512", epoch="last")
    assert test.button(key="looking.next_epoch").disabled
    assert not test.button(key="looking.previous_epoch").disabled
