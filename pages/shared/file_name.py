"""The name of a run in the names of files that are downloaded."""

import re

from core.runs.entries import AnyRun
from core.text import shortened

_LONGEST = 60


def file_stem(run: AnyRun) -> str:
    """The run's name without characters that file systems refuse, cut in the middle; its id if nothing is left."""
    return re.sub(r"[^\w.-]+", "-", shortened(run.name, _LONGEST)).strip("-.") or run.id
