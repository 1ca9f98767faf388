"""How our own modules run in another process: they find `core`, and relative paths mean the same there."""

import os
import sys
from collections.abc import Mapping
from types import MappingProxyType

from core.places import ROOT

_NOTHING: Mapping[str, str] = MappingProxyType({})


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module of ours; start it with `environment()` and in the current folder."""
    return [sys.executable, "-m", module, *arguments]


def environment(changes: Mapping[str, str] = _NOTHING) -> dict[str, str]:
    """The variables of a child process, with these changes."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    # the safe path keeps out a `core` or `numpy.py` in the folder where the server was started
    return {**os.environ, **changes, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
