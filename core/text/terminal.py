"""The language of a command: that of `--lang`, else the terminal's."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from core.text.argparse_words import word_argparse
from core.text.catalogues import ENGLISH
from core.text.reader import language_for, languages, speak
from core.text.wording import say

_OPTION = "--lang"


def command_parser(
    prog: str | None, about: str, arguments: Sequence[str] | None, /, **values: object
) -> argparse.ArgumentParser:
    """A parser for these arguments with `--lang`, in whose language texts are worded from now on.

    `about` is the key of the command's description, which these values fill. Its help and errors are in that language
    too, with the words of argparse itself.
    """
    asked = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    asked.add_argument(_OPTION)
    given = sys.argv[1:] if arguments is None else arguments
    try:
        tag = asked.parse_known_args(given)[0].lang
    except argparse.ArgumentError:
        # the parser below says what is wrong
        tag = None
    speak(tag if tag in languages() else terminal_language(os.environ))
    word_argparse()
    parser = argparse.ArgumentParser(prog=prog, description=say(about, **values))
    parser.add_argument(_OPTION, choices=tuple(languages()), help=say("command.help_lang"))
    return parser


def terminal_language(environment: Mapping[str, str]) -> str:
    """The language that a terminal's variables ask for, of which the first that is set decides; else English."""
    asked = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return language_for(next(filter(None, asked), None)) or ENGLISH
