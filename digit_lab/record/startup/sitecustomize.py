"""Runs before a script that `digit-lab record` starts, then leaves no trace but the watch on `fit`.

Python imports a module of this name at its start, before it runs the script as it always does: its folder, arguments,
tracebacks and exit code are its own. The module of this name that the machine may have comes afterwards.
"""

import importlib
import json
import os
import sys
from pathlib import Path

_STARTUP = str(Path(__file__).parent)
_VARIABLE = "DIGIT_LAB_RECORDING"


def _begin() -> None:
    about = json.loads(os.environ.pop(_VARIABLE))
    path = about.pop("pythonpath")
    if path is None:
        os.environ.pop("PYTHONPATH", None)
    else:
        os.environ["PYTHONPATH"] = path
    sys.path[:] = [entry for entry in sys.path if entry != _STARTUP]
    # a notebook imports what lies beside it, but its code is run from elsewhere
    sys.path[:0] = [folder] if (folder := about.pop("folder", None)) else []
    here = str(Path(__file__).parents[3])
    sys.path.insert(0, here)
    try:
        from digit_lab.record import hook, spool
    finally:
        sys.path.remove(here)
    sys.excepthook = hook.hiding(sys.excepthook)
    spool.told.update(about, environment=dict(os.environ))
    hook.watch_fits(every=True)


def _chain() -> None:
    """Import the module that this one stands in front of."""
    own = sys.modules.pop("sitecustomize")
    try:
        importlib.import_module("sitecustomize")
    except ImportError:
        # there is none, and Python looks for the module that it has just imported
        sys.modules["sitecustomize"] = own


if _VARIABLE in os.environ:
    _begin()
    _chain()
