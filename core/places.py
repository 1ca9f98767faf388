"""Where files and folders are: every path that a variable, an option or an argument names."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The folder of app.py, core and pages."""


def place(text: str | Path) -> Path:
    """The absolute path: `~` is the home folder, a relative path starts where the command was started."""
    # unlike Path.expanduser, it leaves the home folder of an unknown user as it is and raises nothing
    return Path(os.path.expanduser(text)).absolute()  # noqa: PTH111 see above


def named_place(variable: str, default: str | Path) -> Path:
    """The absolute path in this environment variable, or the default where it is unset or empty."""
    return place(os.environ.get(variable) or default)
