"""Commands for any folder: `digit-lab train --preset cnn-16-36`; in a checkout also `python -m digit_lab`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from core.text import say


class Command(NamedTuple):
    """A subcommand: the module whose `main(arguments, prog)` returns its exit status, the key of its description."""

    module: str
    about: str


COMMANDS = {
    "train": Command("core.training.__main__", "training.description"),
    "infer": Command("core.inference.__main__", "inference.description"),
    "data": Command("core.data.__main__", "datasets.prepare"),
}
_APP = Path(__file__).parents[1] / "app.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return its exit status; 2 for an unknown one or outside a checkout."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # the subcommand parses everything after its name
    name = _parser().parse_args(arguments[:1]).command
    if not _APP.is_file():
        # a wheel has no app and no included runs, and new runs would land among the installed packages
        print(say("command.no_checkout"), file=sys.stderr)
        return 2
    # imported here, so that a command loads only what it needs
    status: int = import_module(COMMANDS[name].module).main(arguments[1:], prog=f"digit-lab {name}")
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="digit-lab", description=say("command.description"))
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        subparsers.add_parser(name, add_help=False, help=say(command.about))
    return parser


if __name__ == "__main__":
    sys.exit(main())
