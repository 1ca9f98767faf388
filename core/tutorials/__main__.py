"""Reads a tutorial: `python -m core.tutorials FILE`; also `digit-lab tutorial FILE`."""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from core import child_process
from core.errors import DigitLabError, reason_of
from core.places import place
from core.text import Message, say
from core.text.terminal import command_parser
from core.tutorials.reading import Tutorial, read_tutorial
from core.tutorials.rewriting.code import Rewritten, for_keras_3
from core.tutorials.settings import as_options, propose

_PROG = "python -m core.tutorials"


def main(arguments: Sequence[str] | None = None, prog: str = _PROG) -> int:
    """Print what a tutorial trains; returns 0 if anything was understood, 1 if nothing, 2 for an unreadable file."""
    options = _parser(prog, arguments).parse_args(arguments)
    try:
        content = sys.stdin.buffer.read() if str(options.file) == "-" else options.file.read_bytes()
        tutorial = read_tutorial(content)
    except OSError as error:
        print(say("tutorials.cli.no_file", file=options.file, reason=reason_of(error)), file=sys.stderr)
        return 2
    except DigitLabError as error:
        print(
            json.dumps({"error": str(error)}) if options.json else say(error.message),
            file=sys.stdout if options.json else sys.stderr,
        )
        return 2
    rewritten = for_keras_3(tutorial)
    if options.json:
        print(json.dumps(tutorial.to_json() | {"code": rewritten.after}, ensure_ascii=False))
    else:
        print("\n".join(_report(tutorial, rewritten)))
    if not tutorial.fits and not tutorial.printed:
        return 1
    return _train(tutorial) if options.train else 0


def _parser(prog: str, arguments: Sequence[str] | None) -> argparse.ArgumentParser:
    parser = command_parser(prog, "tutorials.cli.description", arguments)
    parser.add_argument("file", type=_file, metavar="FILE", help=say("tutorials.cli.help_file"))
    parser.add_argument("--json", action="store_true", help=say("tutorials.cli.help_json"))
    parser.add_argument("--train", action="store_true", help=say("tutorials.cli.help_train"))
    return parser


def _train(tutorial: Tutorial) -> int:
    """Train the first network that can be trained here; returns the training's exit status, 2 without one."""
    for fit in tutorial.fits:
        try:
            proposal = propose(fit)
        except DigitLabError as error:
            print(say(error.message), file=sys.stderr)
            continue
        for difference in proposal.differences:
            print(difference, file=sys.stderr)
        command = child_process.command("core.training", *as_options(proposal.config))
        return subprocess.call(command, env=child_process.environment())
    return 2


def _file(text: str) -> Path:
    return Path(text) if text == "-" else place(text)


def _report(tutorial: Tutorial, rewritten: Rewritten) -> list[str]:
    """What a person reads: settings of each training, what was not read, the changed lines."""
    found: list[str] = []
    for number, fit in enumerate(tutorial.fits, start=1):
        written = fit.to_json()
        found.append(say("tutorials.cli.training", number=number, line=fit.line))
        for layer in written["layers"]:
            given = ", ".join(f"{key}={value}" for key, value in layer.items() if key in _SHOWN and value is not None)
            found.append(f"    {layer['class']}({given})")
        for key in (
            "parameters",
            "optimizer",
            "learning_rate",
            "loss",
            "batch_size",
            "epochs",
            "validation",
            "dataset",
        ):
            value = written[key]
            if isinstance(value, dict):
                value = value["kind"] if value["share"] is None else f"{value['kind']} {value['share']:g}"
            found.append(f"  {key}: {'–' if value is None else value}")
    for title, notes in (("unread", tutorial.unread), ("guesses", tutorial.guesses)):
        if notes:
            found += ["", say(f"tutorials.cli.{title}")]
            found += [_at(note.line, note.said, tutorial.line(note.line)) for note in notes]
    if rewritten.changes:
        found += ["", say("tutorials.cli.code"), rewritten.diff, ""]
        found += [_at(change.line, change.said, "") for change in rewritten.changes]
    for number, printed in enumerate(tutorial.printed, start=1):
        found += ["", say("tutorials.cli.printed", number=number)]
        for name, series in printed.metrics.items():
            found.append(f"  {name}: {' '.join(f'{value:g}' for value in series)}")
        if printed.test_accuracy is not None or printed.test_loss is not None:
            found.append(say("tutorials.cli.test", loss=printed.test_loss, accuracy=printed.test_accuracy))
    if not tutorial.fits and not tutorial.printed:
        found.append(say("tutorials.cli.nothing"))
    return found


_SHOWN = ("units", "filters", "kernel_size", "pool_size", "strides", "padding", "activation", "rate", "target_shape")


def _at(line: int, said: Message, code: str) -> str:
    where = f"{line:>5}" if line else "     "
    return f"{where}  {say(said)}" + (f"  {code}" if code else "")


if __name__ == "__main__":
    sys.exit(main())
