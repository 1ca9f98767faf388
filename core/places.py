"""Resolve the paths given by environment variables, options and arguments."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The folder of app.py, core and pages."""


def place(text: str | Path) -> Path:
    """The absolute path, with `~` expanded; a relative path starts at the current folder."""
    # unlike Path.expanduser, this does not raise for an unknown user
    return Path(os.path.expanduser(text)).absolute()  # noqa: PTH111 see above


def named_place(variable: str, default: str | Path) -> Path:
    """The absolute path in this environment variable, or the default if it is unset or empty."""
    return place(os.environ.get(variable) or default)
