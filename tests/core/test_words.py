"""The catalogue of texts."""

import string

import pytest

from core.words import catalogue, say


def test_a_text_is_filled_in_and_an_unknown_one_refused():
    assert say("watch.points", change="+0.10") == "+0.10 points"
    with pytest.raises(KeyError):
        say("watch.no_such_text")


@pytest.mark.parametrize("key", catalogue())
def test_every_text_is_whole(key):
    text = catalogue()[key]
    assert text == text.strip() or key.endswith((".left", ".speed"))
    assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(text))
