"""argparse's own words, in the language of the command."""

import argparse
import inspect
import re

import pytest

from core.text import catalogue, languages, say, speak
from core.text.argparse_words import _keys, word_argparse
from core.text.terminal import command_parser
from tests.core.text.test_translations import english_words

REFUSED = (
    [],
    ["x", "--size"],
    ["x", "--size", "big"],
    ["x", "--kind", "other"],
    ["x", "--kind=one", "--size", "3", "--other"],
    ["x", "--pair", "1"],
    ["x", "--on", "--off"],
    ["x", "--on=1"],
)


def told(language, arguments, capsys):
    """What a command prints in this language; `speak` undoes its choice of a language."""
    parser = command_parser("digit-lab", "command.description", ["--lang", language])
    try:
        parser.add_argument("file", metavar="FILE", help=say("command.help_lang"))
        parser.add_argument("--size", type=int, metavar="N")
        parser.add_argument("--kind", choices=("one", "two"))
        parser.add_argument("--pair", nargs=2, metavar="N")
        switches = parser.add_mutually_exclusive_group()
        switches.add_argument("--on", action="store_true")
        switches.add_argument("--off", action="store_true")
        with pytest.raises(SystemExit):
            parser.parse_args(arguments)
        return "".join(capsys.readouterr())
    finally:
        speak(None)


def test_the_installed_argparse_has_each_of_the_words():
    source = re.sub(r"['\"]\s+['\"]", "", inspect.getsource(argparse))
    assert [text for text in _keys() if text not in source] == []
    assert set(_keys().values()) == {key for key in catalogue() if key.startswith("argparse.")}


@pytest.mark.parametrize("language", list(languages())[1:])
@pytest.mark.parametrize("arguments", [["--help"], *REFUSED], ids=" ".join)
def test_help_and_errors_are_in_the_language_of_the_command(capsys, language, arguments):
    shown = told(language, arguments, capsys)
    assert shown.startswith("用法：digit-lab")
    options, names = r"--?[a-z]+(=\S+)?", r"\{[\w,-]+\}|'\w+'|\b(FILE|N|int|one|two|zh-Han[ts]|en|digit-lab)\b"
    assert english_words(re.sub(f"{options}|{names}", " ", shown), "") == []


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_english_is_what_argparse_says(capsys, monkeypatch, arguments):
    ours = told("en", arguments, capsys)
    monkeypatch.setattr("core.text.terminal.word_argparse", lambda: None)
    monkeypatch.setattr(argparse, "_", str)
    monkeypatch.setattr(argparse, "ngettext", lambda one, many, count: one if count == 1 else many)
    assert told("en", arguments, capsys) == ours
    word_argparse()
