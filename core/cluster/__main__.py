"""Has the waiting runs of a folder trained on a Ray cluster: `python -m core.cluster RUNS_FOLDER`.

A server with DIGIT_LAB_RAY starts it, and starts it again where it ends.
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence

from filelock import Timeout

from core.cluster.dispatcher import STEP_SECONDS, Dispatcher
from core.cluster.overview import FOLDER
from core.errors import DigitLabError
from core.file_lock import held
from core.places import place
from core.runs.owner import Owner
from core.runs.store import RunStore
from core.server.limits import Settings
from core.text import say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 when its server is gone and nothing waits, 2 for a wrong setting."""
    parser = argparse.ArgumentParser(prog="python -m core.cluster", description=say("cluster.description"))
    parser.add_argument("runs_dir", type=place, help=say("cluster.help_runs_dir"))
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    # before a server that dies could be replaced by another process with its number
    server = Owner.of(os.getppid())
    folder = options.runs_dir / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with held(folder / "lock", 0.0):
            _dispatch(Dispatcher(RunStore(options.runs_dir), Settings.read()), server)
    except Timeout:
        # another process looks after these runs
        return 0
    except DigitLabError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _dispatch(dispatcher: Dispatcher, server: Owner | None) -> None:
    while not dispatcher.idle or (server is not None and server.lives()):
        dispatcher.step()
        time.sleep(STEP_SECONDS)
    dispatcher.close()


if __name__ == "__main__":
    sys.exit(main())
