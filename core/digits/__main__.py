"""Prepares a data set in a process of its own: `python -m core.digits mnist`."""

import argparse
import sys
from collections.abc import Sequence

from tqdm import tqdm

from core.digits.datasets import DIGESTS, load
from core.digits.mirrors import Progress
from core.errors import DataUnavailable
from core.words import say


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepares the named data set, prints a line about it and returns 0; 2 where it cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m core.digits", description=say("datasets.prepare"))
    parser.add_argument("name", choices=tuple(DIGESTS))
    name = parser.parse_args(arguments).name
    try:
        # without a download there is nothing to show: the bar is drawn by its first bytes
        with tqdm(desc=name, unit="B", unit_scale=True, delay=1e-3, file=sys.stderr, leave=False) as bar:

            def show(progress: Progress) -> None:
                bar.total = progress.total
                bar.update(progress.done - bar.n)

            dataset = load(name, progress=show)
    except DataUnavailable as error:
        print(error, file=sys.stderr)
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


if __name__ == "__main__":
    sys.exit(main())
