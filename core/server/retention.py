"""Delete the oldest ended runs beyond the limits, except pinned ones."""

import contextlib
import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path

from core.errors import DigitLabError
from core.runs.store import AnyRun, RunStore
from core.server.limits import Settings

GIGABYTE = 1_000_000_000
SECONDS_BETWEEN = 20.0
"""Time between two checks, in which a run writes at most a few hundred megabytes."""

_log = logging.getLogger(__name__)


class Retention:
    """Deletes runs beyond the server's limits, but never a shipped, pinned, training or waiting one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._next = 0.0

    def apply(self, store: RunStore) -> list[str]:
        """Delete the surplus, at most once per SECONDS_BETWEEN; returns the ids of the deleted runs."""
        if not self._settings.limited or time.monotonic() < self._next:
            return []
        self._next = time.monotonic() + SECONDS_BETWEEN
        gone = []
        for run in surplus(store.entries(), self._settings):
            try:
                store.delete(run.id)
            except DigitLabError as error:
                _log.warning("%s is too much and cannot be deleted: %s", run.id, error)
            else:
                gone.append(run.id)
                _log.info("%s was deleted, since more runs are here than are kept", run.id)
        return gone


def surplus(runs: Sequence[AnyRun], settings: Settings) -> list[AnyRun]:
    """The runs to delete, oldest first, to bring the rest within the limits if possible."""
    own = [run for run in runs if not run.shipped]
    over_count = len(own) - settings.keep_runs if settings.keep_runs else 0
    sizes = {run.id: size_of(run.folder.path) for run in own} if settings.keep_gigabytes else {}
    over_bytes = sum(sizes.values()) - settings.keep_gigabytes * GIGABYTE if sizes else 0.0
    chosen: list[AnyRun] = []
    # a damaged run counts as the oldest, because it is of no use
    for run in sorted(own, key=lambda run: (run.created, run.id)):
        if over_count <= 0 and over_bytes <= 0:
            break
        if not (run.in_use or run.label.pinned or run.id in settings.pinned):
            chosen.append(run)
            over_count -= 1
            over_bytes -= sizes.get(run.id, 0)
    return chosen


def size_of(folder: Path) -> int:
    """Total size in bytes of the files in a folder, without following links; files deleted meanwhile count as 0."""
    total = 0
    for directory, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += Path(directory, name).lstat().st_size
    return total
