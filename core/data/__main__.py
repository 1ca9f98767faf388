"""Data sets from the command line: `python -m core.data mnist [--npz FILE]`, `… add PATH --name NAME`, `… list`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from core.config.datasets import BUILT_IN
from core.data.datasets import Dataset, load
from core.data.download import Progress
from core.data.known import KNOWN
from core.errors import DigitLabError, reason_of
from core.places import place
from core.text import say
from core.text.terminal import command_parser


def main(arguments: Sequence[str] | None = None, prog: str = "python -m core.data") -> int:
    """Run a subcommand, or prepare a named data set; returns 0, or 2 with a sentence if that is not possible."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments and arguments[0] in (*BUILT_IN, *KNOWN):
            return _prepare(arguments, prog)
        # imported here, because preparing a data set needs none of it
        from core.data.commands import add_arguments

        names = (*BUILT_IN, *KNOWN)
        parser = command_parser(prog, "data_command.about", arguments, names=names)
        add_arguments(parser)
        options = parser.parse_args(arguments)
        status: int = options.run(options)
        return status
    except DigitLabError as error:
        print(say(error.message), file=sys.stderr)
    except OSError as error:
        print(say("data_command.failed", path=error.filename or "–", reason=reason_of(error)), file=sys.stderr)
    return 2


def _prepare(arguments: Sequence[str], prog: str) -> int:
    parser = command_parser(prog, "datasets.prepare", arguments)
    parser.add_argument("name", choices=(*BUILT_IN, *KNOWN))
    parser.add_argument("--npz", type=place, metavar="FILE", help=say("datasets.help_npz"))
    parser.add_argument("--from", dest="files", nargs="+", type=place, metavar="FILE", help=say("datasets.help_from"))
    options = parser.parse_args(arguments)
    name = options.name
    if name in KNOWN:
        from core.data.commands import prepare_known
        from core.data.store import AddedDataset

        if not AddedDataset.named(name).exists:
            prepare_known(name, options.files or [])
    dataset = _loaded(name)
    if options.npz:
        try:
            _write(options.npz, dataset)
        except OSError as error:
            print(say("datasets.npz_unwritable", path=options.npz, reason=reason_of(error)), file=sys.stderr)
            return 2
    print(
        say(
            "datasets.line",
            name=dataset.name,
            training=f"{len(dataset.train_labels):,}",
            test=f"{len(dataset.test_labels):,}",
            source=dataset.source,
            digest=dataset.digest,
        )
    )
    return 0


def _loaded(name: str) -> Dataset:
    # the bar appears with the first bytes of a download, so without one nothing is shown
    with tqdm(desc=name, unit="B", unit_scale=True, delay=1e-3, file=sys.stderr, leave=False) as bar:

        def show(progress: Progress) -> None:
            bar.total = progress.total
            bar.update(progress.done - bar.n)

        return load(name, progress=show)


def _write(path: Path, dataset: Dataset) -> None:
    # opened here, because NumPy would append .npz to any other name
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            x_train=dataset.train_images,
            y_train=dataset.train_labels,
            x_test=dataset.test_images,
            y_test=dataset.test_labels,
        )


if __name__ == "__main__":
    sys.exit(main())
