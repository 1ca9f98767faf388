"""Records the first updates of a finished run afterwards: `python -m core.training.rerecord RUN_FOLDER`.

Trains the run's first epoch again with its seed in a temporary folder, and keeps the record only if the epoch ends with
the same predictions for all test digits.
"""

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
from core.text.terminal import command_parser

MOVED = 2e-3
"""The largest allowed difference of a probability: a little more than the rounding of shipped runs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 if the updates were kept, 1 if the epoch was not reproduced, 2 on an error."""
    parser = command_parser("python -m core.training.rerecord", "rerecord.description", arguments)
    parser.add_argument("folder", metavar="RUN_FOLDER", type=place, help=say("rerecord.help_folder"))
    options = parser.parse_args(arguments)
    try:
        moved = rerecord(RunFolder(options.folder))
    except DigitLabError as error:
        print(say(error.message), file=sys.stderr)
        return 2
    kept = moved <= MOVED
    print(say("rerecord.kept" if kept else "rerecord.otherwise", moved=f"{moved:.5f}"))
    return 0 if kept else 1


def rerecord(folder: RunFolder) -> float:
    """Train the first epoch again; returns the largest difference of a test probability, up to MOVED keeps the updates.

    Raises DigitLabError where the run cannot be read or trained again.
    """
    from core.training.worker import run

    config = folder.manifest().config
    own = np.exp(read_log_probabilities(folder, config, 1, "test").astype(np.float64))
    with tempfile.TemporaryDirectory(prefix="digit-lab-") as room:
        status = Status(state="starting", owner=Owner.this())
        # stopped after an epoch instead of shortened, since the cosine schedule depends on the number of epochs
        again = RunFolder.create(Path(room), config, status)
        ended = run(
            again,
            notify=lambda now: again.control.ask("stop") if now.epoch >= 1 and not again.control.pending else None,
        )
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
