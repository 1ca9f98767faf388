"""The first updates of a finished run recorded afterwards: `python -m core.training.rerecord RUN_FOLDER`.

Trains the run's first epoch again with its seed, in a folder of its own, and keeps what was recorded only where this
epoch ended as the run's own did: the same answers, and the same losses, to all test digits.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.errors import DigitLabError
from core.files import replacing
from core.places import place
from core.runs.first_updates import steps_file
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.predictions import read_log_probabilities
from core.runs.status import Status
from core.text import say

MOVED = 2e-3
"""The most that a probability may differ: what shipped runs are rounded by, and little more."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 where the updates were kept, 1 where the epoch came out otherwise, 2 where it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m core.training.rerecord", description=say("rerecord.description"))
    parser.add_argument("folder", metavar="RUN_FOLDER", type=place, help=say("rerecord.help_folder"))
    options = parser.parse_args(arguments)
    try:
        moved = rerecord(RunFolder(options.folder))
    except DigitLabError as error:
        print(error, file=sys.stderr)
        return 2
    kept = moved <= MOVED
    print(say("rerecord.kept" if kept else "rerecord.otherwise", moved=f"{moved:.5f}"))
    return 0 if kept else 1


def rerecord(folder: RunFolder) -> float:
    """By how much the most changed test probability after the first epoch differs; up to MOVED, updates are kept.

    Raises DigitLabError where the run cannot be read, or cannot be trained again.
    """
    from core.training.worker import run

    config = folder.manifest().config
    own = np.exp(read_log_probabilities(folder, config, 1, "test").astype(np.float64))
    with tempfile.TemporaryDirectory(prefix="digit-lab-") as room:
        status = Status(state="starting", owner=Owner.this())
        # a cosine's first epoch depends on how many there are, so the run is stopped after it instead of made shorter
        again = RunFolder.create(Path(room), config, status)
        ended = run(again, notify=lambda now: again.ask("stop") if now.epoch >= 1 and not again.has_requests else None)
        if ended.state not in ("stopped", "finished"):
            raise DigitLabError(ended.message or "runs.interrupted")
        found = np.exp(read_log_probabilities(again, config, 1, "test").astype(np.float64))
        moved = float(np.abs(found - own).max())
        if moved <= MOVED:
            with replacing(steps_file(folder)) as draft:
                shutil.copyfile(steps_file(again), draft)
    return moved


if __name__ == "__main__":
    sys.exit(main())
