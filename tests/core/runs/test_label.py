"""Names, notes and tags as users write them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs.label import Label


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  a\t b\n c ", "a b c"),
        ("\x00a\x1bb\x7f", "a b"),
        ("abc\u202edef", "abc def"),
        ("\ud800half", "half"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("x" * 200, "x" * 80),
        ("x" * 79 + " y", "x" * 79),
    ],
)
def test_a_name_is_one_line_of_visible_characters(make_run, text, name):
    folder = make_run()
    folder.write_label(Label(name=text))
    assert folder.label().name == name


def test_a_note_keeps_its_lines_and_at_most_1000_characters():
    assert Label(note=" a  b \r\n\x07c\u2028d\n\n").note == "a b\nc\nd"
    assert Label(note="x\n" * 5000).note == ("x\n" * 500).strip()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", "5", '{"name": 5, "note": ""}', '{"name": ["a"], "note": ""}', "[" * 100_000]
)
def test_a_damaged_label_is_empty_and_the_run_stays_readable(make_run, content):
    folder = make_run()
    (folder.path / "label.json").write_text(content, encoding="utf-8")
    assert folder.label() == Label()
    assert folder.manifest().name


def test_tags_are_single_words_none_twice(make_run):
    folder = make_run()
    folder.write_label(Label(tags=(" to  do ", "a,b", "", "Thesis", "thesis", "\x07", "x" * 50)))
    assert folder.label().tags == ("to-do", "a-b", "Thesis", "x" * 24)


@pytest.mark.parametrize("tags", [None, "thesis", {"a": 1}, [1, None]])
def test_a_label_without_readable_tags_has_none(make_run, tags):
    folder = make_run()
    (folder.path / "label.json").write_text(json.dumps({"name": "mine", "note": "", "tags": tags}), encoding="utf-8")
    assert folder.label() == Label("mine")


@given(st.text(), st.text(), st.lists(st.text()))
def test_cleaning_a_label_twice_changes_nothing(name, note, tags):
    label = Label(name, note, tags=tuple(tags))
    assert Label(label.name, label.note, tags=label.tags) == label
    assert len(label.name) <= 80
    assert len(label.note) <= 1000
