"""What argparse itself says about a command, such as "usage:", in the reader's language."""

import argparse
from functools import cache
from string import Formatter

from core.text.catalogues import ENGLISH, catalogue
from core.text.reader import language

_WORDS = (
    *("ambiguous", "argument", "at_least_one", "at_most_one", "choice", "conflict", "error", "explicit", "help"),
    *("number", "number_one", "one", "one_of", "options", "parser", "positional", "required", "unrecognized"),
    *("usage", "value"),
)
"""The names of the texts whose English is, letter for letter, what argparse has."""


def word_argparse() -> None:
    """Let argparse ask the catalogue for its words, which it would ask gettext for.

    gettext needs compiled files, and goes by the terminal's variables only, not by `--lang`. What a version of argparse
    words otherwise is English.
    """
    vars(argparse).update(_=_worded, ngettext=lambda one, many, count: _worded(one if count == 1 else many))


def _worded(text: str) -> str:
    stripped = text.rstrip("\n")
    key = _keys().get(stripped)
    return _template(catalogue(language())[key]) + text[len(stripped) :] if key else text


@cache
def _keys() -> dict[str, str]:
    """The key of each text of argparse."""
    return {_template(catalogue(ENGLISH)[key]): key for key in (f"argparse.{name}" for name in _WORDS)}


def _template(text: str) -> str:
    """The text with its fields as argparse writes them: `%(name)s` or `%r` instead of `{name}` or `{!r}`."""
    return "".join(
        literal + ("" if name is None else f"%{f'({name})' if name else ''}{conversion or 's'}")
        for literal, name, _, conversion in Formatter().parse(text)
    )
