"""The `digit-lab` command, for any folder: `digit-lab train --preset cnn-16-36`; also `python -m digit_lab`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from core.text import say
from core.text.terminal import command_parser


class Command(NamedTuple):
    """A subcommand: a module whose `main(arguments, prog)` returns the exit status, and the key of its description."""

    module: str
    about: str


COMMANDS = {
    "train": Command("core.training.__main__", "training.description"),
    "sweep": Command("core.sweeps.__main__", "sweeps.description"),
    "infer": Command("core.inference.__main__", "inference.description"),
    "tutorial": Command("core.tutorials.__main__", "tutorials.cli.description"),
    "record": Command("digit_lab.record.__main__", "recording.description"),
    "open": Command("core.bundle.__main__", "opening.description"),
    "data": Command("core.data.__main__", "datasets.prepare"),
}
_APP = Path(__file__).parents[1] / "app.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return its exit status; 2 if it is unknown, or outside a checkout."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # the subcommand parses the remaining arguments; the parser, whose help reads all texts, takes a moment to make
    name = (
        arguments[0] if arguments and arguments[0] in COMMANDS else _parser(arguments).parse_args(arguments[:1]).command
    )
    if not _APP.is_file():
        # a wheel has no app and no included runs, and would write new runs among the installed packages
        print(say("command.no_checkout"), file=sys.stderr)
        return 2
    # imported here, so that a command loads only what it needs
    status: int = import_module(COMMANDS[name].module).main(arguments[1:], prog=f"digit-lab {name}")
    return status


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = command_parser("digit-lab", "command.description", arguments)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        subparsers.add_parser(name, add_help=False, help=say(command.about))
    return parser


if __name__ == "__main__":
    sys.exit(main())
