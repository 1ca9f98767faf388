"""A sheet of digits: its message, and the browser's input."""

import json
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from pages.widgets.digit_sheet import SheetDigit


def page():
    from time import process_time

    import streamlit as st

    from pages.widgets.digit_sheet import digit_sheet

    state = st.session_state
    start = process_time()
    digit_sheet(
        "sheet",
        state["images"],
        state["digits"],
        chosen=state["chosen"],
        alt="Misclassified digits",
        on_choose=state["calls"].append if state["choosable"] else None,
    )
    state["seconds"] = process_time() - start
    state["seen"] = list(state["calls"])


def images(count):
    return np.arange(count * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(count, 28, 28)


def sheet(count, first=1000):
    return [SheetDigit(first + i, f"{i % 10} → 3", "98.2 %", i % 10 != 3, f"Digit {i}") for i in range(count)]


class Page:
    """A page with one sheet, and what the browser sends."""

    def __init__(self, pictures, digits, *, chosen=None, choosable=True):
        self.app = AppTest.from_function(page, default_timeout=20)
        for name, value in {"images": pictures, "digits": digits, "chosen": chosen, "choosable": choosable}.items():
            self.app.session_state[name] = value
        self.app.session_state["calls"] = []
        self.run()

    def run(self):
        self.app.run()
        assert not self.app.exception

    @property
    def sent(self):
        (component,) = self.app.get("bidi_component")
        return json.loads(component.proto.json)

    def choose(self, value, event="choice"):
        """Send an event as the browser does."""
        (component,) = self.app.get("bidi_component")
        events = _make_trigger_id(component.proto.id, "events")
        message = WidgetState(id=events, json_trigger_value=json.dumps([{"event": event, "value": value}]))
        self.app._run(WidgetStates(widgets=[message]))
        assert not self.app.exception

    @property
    def calls(self):
        return self.app.session_state["calls"]


def test_a_sheet_is_one_picture_with_captions():
    pictures = images(48)
    sent = Page(pictures, sheet(48), chosen=1002).sent
    with Image.open(BytesIO(b64decode(sent["sprite"].partition(",")[2]))) as strip:
        assert np.array_equal(np.asarray(strip), np.hstack(list(pictures)))
    assert len(sent["digits"]) == 48
    assert sent["digits"][2] == {
        "index": 1002,
        "caption": "2 → 3",
        "detail": "98.2 %",
        "label": "2 → 3, 98.2 %, wrong",
        "wrong": True,
        "hover": "Digit 2",
    }
    assert sent["digits"][3]["label"] == "3 → 3, 98.2 %"
    assert (sent["chosen"], sent["alt"], sent["size"], sent["choosable"]) == (1002, "Misclassified digits", 56, True)


def test_numpy_indices_are_sent_as_numbers():
    digits = [SheetDigit(np.int64(7), "7", "", np.bool_(False))]
    sent = Page(images(1), digits, chosen=np.int64(7)).sent
    assert (sent["chosen"], sent["digits"][0]["index"], sent["digits"][0]["label"]) == (7, 7, "7")


def test_an_unchanged_sheet_sends_the_same_message():
    shown = Page(images(48), sheet(48))
    (first,) = (element.proto.SerializeToString(deterministic=True) for element in shown.app.get("bidi_component"))
    shown.run()
    (second,) = (element.proto.SerializeToString(deterministic=True) for element in shown.app.get("bidi_component"))
    assert first == second


def test_a_choice_is_called_back_once_and_before_the_rerun():
    shown = Page(images(5), sheet(5))
    shown.choose(1003)
    assert shown.calls == [1003]
    assert shown.app.session_state["seen"] == [1003]
    shown.run()
    assert shown.calls == [1003]


def test_the_same_digit_can_be_chosen_again():
    shown = Page(images(5), sheet(5))
    for index in (1003, 1001, 1003, 1003):
        shown.choose(index)
    assert shown.calls == [1003, 1001, 1003, 1003]


@pytest.mark.parametrize("value", [5, -1, 1005, "3", 3.5, True, None, [3], {"index": 3}, 10**30])
def test_an_invalid_index_is_ignored(value):
    shown = Page(images(5), sheet(5, first=0))
    shown.choose(value)
    assert shown.calls == []


@pytest.mark.parametrize(("event", "choosable"), [("other", True), ("choice", False)])
def test_other_events_and_clicks_without_a_callback_are_ignored(event, choosable):
    shown = Page(images(5), sheet(5), choosable=choosable)
    assert shown.sent["choosable"] is choosable
    shown.choose(1003, event)
    assert shown.calls == []


@pytest.mark.parametrize("state", [{"choice": "1003"}, {"other": 1}, [1003], 1003, "1003"])
def test_invalid_state_is_ignored(state):
    shown = Page(images(5), sheet(5))
    (component,) = shown.app.get("bidi_component")
    message = WidgetState(id=component.proto.id, json_value=json.dumps(state))
    shown.app._run(WidgetStates(widgets=[message]))
    assert not shown.app.exception
    assert shown.calls == []


@pytest.mark.parametrize(
    ("pictures", "count"),
    [
        (images(5), 4),
        (images(4), 5),
        (images(0), 2),
        (images(2), 0),
        (images(2).astype(np.float32), 2),
        (images(2)[:, :, :20], 2),
    ],
)
def test_mismatched_images_and_digits_show_an_error(pictures, count):
    shown = Page(pictures, sheet(count))
    assert not shown.app.get("bidi_component")
    assert [error.value for error in shown.app.error] == [
        "These digits cannot be shown: their pictures are missing or do not fit. Reload the page."
    ]
    assert shown.calls == []


def test_no_digits_draw_nothing():
    shown = Page(images(0), [])
    assert not shown.app.get("bidi_component") and not shown.app.error


@pytest.mark.slow
def test_48_digits_take_the_server_under_20_ms_of_a_processor():
    shown = Page(images(48), sheet(48))
    times = []
    for _ in range(5):
        shown.run()
        times.append(shown.app.session_state["seconds"])
    assert min(times) < 0.02
