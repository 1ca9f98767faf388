"""How our own modules run in another process: they find `core`, and relative paths mean the same there."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.places import ROOT

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its exit code, None where it ran out of time, and what it printed."""

    code: int | None
    out: str
    err: str


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module of ours; start it with `environment()` and in the current folder."""
    return [sys.executable, "-m", module, *arguments]


def environment(changes: Mapping[str, str] = _NOTHING) -> dict[str, str]:
    """The variables of a child process, with these changes."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    # the safe path keeps out a `core` or `numpy.py` in the folder where the server was started
    return {**os.environ, **changes, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def run(module: str, *arguments: str, timeout: float, changes: Mapping[str, str] = _NOTHING) -> Ended:
    """Run a module of ours and wait until it ends, or kill it after so many seconds; raises OSError."""
    try:
        ended = subprocess.run(
            command(module, *arguments),
            env=environment({"PYTHONIOENCODING": "utf-8", **changes}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
        )
        code, out, err = ended.returncode, ended.stdout, ended.stderr
    except subprocess.TimeoutExpired as error:
        code, out, err = None, error.stdout or b"", error.stderr or b""
    return Ended(code, out.decode("utf-8", errors="replace"), err.decode("utf-8", errors="replace"))
