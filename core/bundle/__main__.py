"""Opens files as the Runs page does: `python -m core.bundle PATH ...`; also `digit-lab open PATH ...`."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from core.bundle.beside import NamedFile, model_among
from core.bundle.model_format import is_zip, model_format
from core.bundle.open import Opened, open_bundle
from core.bundle.open_logs import open_logs
from core.bundle.open_model import Wish, open_model
from core.config.datasets import known_names
from core.errors import DigitLabError, reason_of
from core.places import place
from core.runs.log_files import NAME_LENGTH
from core.runs.store import RunStore
from core.text import Message, listed, say, shortened
from core.text.terminal import command_parser

_PROG = "python -m core.bundle"


def main(arguments: Sequence[str] | None = None, prog: str = _PROG) -> int:
    """Print the runs that the files become, or what is wrong with them; returns 0, or 2 if nothing was opened."""
    options = _parser(prog, arguments).parse_args(arguments)
    store = RunStore()
    try:
        with ExitStack() as stack:
            files = [(path.name, stack.enter_context(path.open("rb"))) for path in _files(options.paths)]
            found = _opened(files, store.runs_dir, options.dataset)
    except OSError as error:
        print(say("opening.no_file", path=error.filename or "", reason=reason_of(error)), file=sys.stderr)
        return 2
    except DigitLabError as error:
        print(say(error.message), file=sys.stderr)
        return 2
    for opened in found:
        run = store.find(opened.run_id)
        key = "opening.known" if opened.known else "opening.line"
        print(say(key, id=run.id, name=run.name, epochs=run.status.epoch))
    return 0


def _parser(prog: str, arguments: Sequence[str] | None) -> argparse.ArgumentParser:
    parser = command_parser(prog, "opening.description", arguments)
    parser.add_argument("paths", nargs="+", type=place, metavar="PATH", help=say("opening.help_path"))
    parser.add_argument("--dataset", metavar="NAME", help=say("opening.help_dataset", names=listed(known_names())))
    return parser


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files, and those in the folders: TensorBoard writes one for the training and one for its validation."""
    for path in paths:
        yield from sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _opened(files: Sequence[NamedFile], runs_dir: Path, dataset: str | None) -> list[Opened]:
    """As Runs opens them: a whole run, a model with what belongs to it, or logs. Raises DigitLabError."""
    whole = next((file for file in files if model_format(file[1]) is None and is_zip(file[1])), None)
    if whole is not None:
        if len(files) > 1:
            reason = Message("logs.several", name=shortened(whole[0], NAME_LENGTH))
            raise DigitLabError("bundles.refused", reason=reason)
        return [open_bundle(whole[1], runs_dir)]
    among = model_among(files, runs_dir)
    if among is None:
        return open_logs(files, runs_dir)
    (name, model), beside = among
    if dataset is None:
        raise DigitLabError("opening.which_data", name=shortened(name, NAME_LENGTH))
    if dataset not in known_names():
        raise DigitLabError("opening.no_data", name=dataset, names=known_names())
    return [open_model(model, name, runs_dir, Wish(dataset), beside=beside)]


if __name__ == "__main__":
    sys.exit(main())
