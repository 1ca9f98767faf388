"""A sheet of digits: its message, and the browser's input."""

import json
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.widgets.digit_sheet import SheetDigit
from tests.pages.actions import choose, send
from tests.pages.shown import component, sentences


def page():
    import streamlit as st

    from pages.widgets.digit_sheet import digit_sheet

    state = st.session_state
    digit_sheet(
        "sheet",
        state["images"],
        state["digits"],
        chosen=state["chosen"],
        alt="Misclassified digits",
        on_choose=state["calls"].append if state["choosable"] else None,
    )
    state["seen"] = list(state["calls"])


def images(count):
    return np.arange(count * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(count, 28, 28)


def sheet(count, first=1000):
    """Digits whose numbers and truths are NumPy's, as the arrays of a page have them."""
    return [
        SheetDigit(np.int64(first + i), f"{i % 10} → 3", "98.2 %", np.bool_(i % 10 != 3), f"Digit {i}")
        for i in range(count)
    ]


def shown(pictures, digits, *, chosen=None, choosable=True):
    """A page with one sheet."""
    app = AppTest.from_function(page, default_timeout=20)
    values = {"images": pictures, "digits": digits, "chosen": chosen, "choosable": choosable, "calls": []}
    for name, value in values.items():
        app.session_state[name] = value
    return app.run()


def proto(app):
    (element,) = app.get("bidi_component")
    return element.proto


def test_a_sheet_is_one_picture_with_captions():
    pictures = images(48)
    app = shown(pictures, sheet(48), chosen=np.int64(1002))
    sent = component(app, "sheet")
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
    first = proto(app).SerializeToString(deterministic=True)
    assert proto(app.run()).SerializeToString(deterministic=True) == first


def test_each_choice_is_called_back_once_and_before_the_rerun():
    app = shown(images(5), sheet(5))
    for index in (1003, 1001, 1003, 1003):
        choose(app, "sheet", index)
        assert app.session_state["seen"] == app.session_state["calls"]
        app.run()
    assert app.session_state["calls"] == [1003, 1001, 1003, 1003]


@pytest.mark.parametrize("choosable", [True, False])
def test_invalid_messages_and_clicks_without_a_callback_are_ignored(choosable):
    app = shown(images(5), sheet(5, first=0), choosable=choosable)
    assert component(app, "sheet")["choosable"] is choosable
    for value in (5, -1, 1005, "3", 3.5, True, None, [3], {"index": 3}, 10**30):
        choose(app, "sheet", value)
    choose(app, "sheet", 3, event="other")
    for state in ({"choice": "3"}, {"other": 1}, [3], 3, "3"):
        send(app, id=proto(app).id, json_value=json.dumps(state))
    if not choosable:
        choose(app, "sheet", 3)
    assert app.session_state["calls"] == []


def test_mismatched_images_and_digits_show_an_error_and_no_digits_nothing():
    app = shown(images(0), [])
    assert not app.get("bidi_component") and not app.error
    wrong = [(images(5), 4), (images(4), 5), (images(0), 2), (images(2), 0)]
    for pictures, count in (*wrong, (images(2).astype(np.float32), 2), (images(2)[..., None], 2)):
        app = shown(pictures, sheet(count))
        assert not app.get("bidi_component")
        (sentence,) = sentences(app)
        assert "do not match" in sentence
