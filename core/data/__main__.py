"""Prepare a data set from the command line: `python -m core.data mnist [--npz FILE]`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from core.data.datasets import DIGESTS, Dataset, load
from core.data.download import Progress
from core.errors import DataUnavailable
from core.places import place
from core.text import say


def main(arguments: Sequence[str] | None = None, prog: str = "python -m core.data") -> int:
    """Prepare the named data set and print a line about it; returns 0, or 2 if it is not available."""
    parser = argparse.ArgumentParser(prog=prog, description=say("datasets.prepare"))
    parser.add_argument("name", choices=tuple(DIGESTS))
    parser.add_argument("--npz", type=place, metavar="FILE", help=say("datasets.help_npz"))
    options = parser.parse_args(arguments)
    name = options.name
    try:
        # the bar appears with the first bytes of a download, so without one nothing is shown
        with tqdm(desc=name, unit="B", unit_scale=True, delay=1e-3, file=sys.stderr, leave=False) as bar:

            def show(progress: Progress) -> None:
                bar.total = progress.total
                bar.update(progress.done - bar.n)

            dataset = load(name, progress=show)
    except DataUnavailable as error:
        print(error, file=sys.stderr)
        return 2
    if options.npz:
        try:
            _write(options.npz, dataset)
        except OSError as error:
            print(say("datasets.npz_unwritable", path=options.npz, reason=error.strerror or error), file=sys.stderr)
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
