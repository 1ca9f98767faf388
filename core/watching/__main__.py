"""Makes runs of what one program tells: `python -m core.watching SPOOL`, which `digit_lab.record` starts."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command in a process of its own, and return at once."""
    (path,) = sys.argv[1:] if arguments is None else arguments
    if hasattr(os, "fork") and os.fork():
        # the program that waits for us has no child then
        os._exit(0)
    # what ends the program, or closes its terminal, must not end its record
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    # imported late, since the program waits for the lines above
    from core.child_process import lower_priority
    from core.watching.program import Program

    program = Program(Path(path))
    # the program's time counts, not when its answers are known
    lower_priority(19)
    program.follow()
    return 0


if __name__ == "__main__":
    sys.exit(main())
