"""The catalogue of texts."""

import re
import string

import pytest

from core.text import catalogue, say, shortened


def test_a_text_is_filled_in_and_an_unknown_one_refused():
    assert say("watch.points", change="+0.10") == "+0.10 points"
    with pytest.raises(KeyError):
        say("watch.no_such_text")


def test_a_long_text_is_cut_in_the_middle():
    assert shortened("mlp-512 · rate 0.003 · batch 64", 26) == "mlp-512 · rate 0.…batch 64"
    assert shortened("mlp-512 · rate", 14) == "mlp-512 · rate"
    assert shortened("mlp-512 · rate", 1) == "…"


def test_no_text_calls_strong_pixels_bright_or_dark():
    # ink is dark in the light theme and bright in the dark one
    told = re.compile(r"\b(bright|brighter|darker|lighter|lights? up)\b", re.IGNORECASE)
    assert [key for key, text in catalogue().items() if told.search(text)] == []


def test_an_arrow_between_digits_means_label_and_answer():
    arrows = {key for key, text in catalogue().items() if "→" in text}
    assert arrows == {"sheet.wrong", "collection.wrong", "report.read_wrong", "report.worst_hint"}


def test_every_text_is_whole():
    def whole(key, text):
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        return (text == text.strip() or key.endswith((".left", ".speed"))) and all(map(str.isidentifier, names))

    assert [key for key, text in catalogue().items() if not whole(key, text)] == []
