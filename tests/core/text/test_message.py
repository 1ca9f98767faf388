"""Messages: worded where they are shown, and read from files that anybody may have written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Advice, DigitLabError, InvalidSetting
from core.text import Message, catalogue, clause, one_line, placeholders, say, stored

NUMBERS = st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15)
PARSED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["key", "values", "file"]) | st.text(), inner),
)
NESTED = Message("datasets.nowhere", reasons=Message("datasets.keras_cache_empty"), variable="X")


def test_a_value_becomes_one_line_and_a_message_a_clause():
    inner = Message("runs.not_here", id="a\nb")
    assert str(inner).endswith(".")
    outer = Message("bundles.setting", reason=inner)
    assert str(outer) == f"run.json: {clause(inner)}" == say("bundles.setting", reason=inner)
    assert "a b" in str(outer)
    assert not str(outer).endswith(".")


def test_an_error_is_its_message():
    advice = Advice("rules.whole", low=1, high=1000)
    values = {"label": Message("fields.epochs"), "field": "epochs", "value": 7, "advice": advice.message}
    error = InvalidSetting("epochs", "errors.invalid_setting", **values)
    assert str(error) == "Epochs (epochs) is 7; use a whole number from 1 to 1,000."
    assert error.field == "epochs"
    assert DigitLabError(error.message).message == error.message


@given(st.text(max_size=200).map(one_line), NUMBERS)
def test_what_is_written_is_read_again(text, number):
    advice = Message("rules.whole", low=number, high=3)
    written = Message("view.unusable", name=Message("fields.epochs"), value=text, advice=advice)
    assert Message.from_json(json.loads(json.dumps(written.to_json()))) == written
    assert Message.read(json.loads(json.dumps(stored(written)))) == written


@given(PARSED, st.sampled_from(sorted(catalogue())), st.data())
def test_a_file_from_anybody_gives_a_message_or_none(parsed, key, data):
    values = data.draw(st.fixed_dictionaries(dict.fromkeys(placeholders(key), PARSED)))
    for found in (parsed, {"key": key, "values": values}, {"key": key, "values": parsed}):
        message = Message.from_json(found)
        assert message is None or isinstance(str(message), str)


@pytest.mark.parametrize(
    "written",
    [
        {"key": "runs.no_such_text", "values": {}},
        {"key": "runs.file_missing", "values": {}},
        {"key": "argparse.conflict", "values": {"": "a"}},
        {"key": "runs.file_missing", "values": {"file": "run.json", "more": 1}},
        {"key": "runs.file_missing", "values": {"file": [None]}},
        {"key": "runs.file_missing", "values": {"file": None}},
        {"key": ["runs.file_missing"], "values": {"file": "run.json"}},
        {"key": "rules.whole", "values": {"low": "1", "high": "3"}},
        {"key": "rules.whole", "values": {"low": float("nan"), "high": 3}},
        {"key": "rules.whole", "values": {"low": 10**5000, "high": 3}},
        "runs.file_missing",
    ],
)
def test_an_unknown_key_and_other_values_are_not_a_message(written):
    assert Message.from_json(written) is None
    assert str(Message.read({"message": "In English.", "said": written})) == "In English."


def test_long_texts_are_cut_and_deep_messages_refused():
    message = Message.from_json({"key": "runs.file_missing", "values": {"file": "x" * 10**6}})
    assert message is not None
    assert len(message.values["file"]) == 200
    assert len(str(Message.read({"message": "x" * 10**6}))) == 1000
    deep = Message("runs.file_missing", file="run.json")
    for _ in range(20):
        deep = Message("bundles.setting", reason=deep)
    assert Message.from_json(deep.to_json()) is None


def test_a_value_that_the_text_does_not_name_is_not_written():
    one = Message("data_checks.same_train_one", count=1)
    assert Message.from_json(one.to_json()) == Message("data_checks.same_train_one")


def test_a_file_keeps_the_english_sentence_beside_the_key():
    assert stored(NESTED) == {"message": str(NESTED), "said": NESTED.to_json()}
    assert stored(Message.read({"message": "In English."})) == {"message": "In English."}
    assert stored(None) == {"message": ""}
    assert Message.read(stored(None)) is None
