"""The catalogue of texts."""

import string

import pytest

from core.text import catalogue, say, shortened


def test_a_text_is_filled_in_and_an_unknown_one_refused():
    assert say("watch.left", time="1:12") == "1:12 left"
    with pytest.raises(KeyError):
        say("watch.no_such_text")


def test_a_long_text_is_cut_in_the_middle():
    assert shortened("mlp-512 · rate 0.003 · batch 64", 26) == "mlp-512 · rate 0.…batch 64"
    assert shortened("mlp-512 · rate", 14) == "mlp-512 · rate"
    assert shortened("mlp-512 · rate", 1) == "…"


def test_every_text_is_whole():
    def whole(text):
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        return text == text.strip() and all(map(str.isidentifier, names))

    # argparse's are as it has them
    ours = {key: text for key, text in catalogue().items() if not key.startswith("argparse.")}
    assert [key for key, text in ours.items() if not whole(text)] == []
