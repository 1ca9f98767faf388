"""Which ended runs go when there are more than are to be kept: the oldest that nobody pinned."""

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
"""Time between two looks; a run leaves at most a few hundred megabytes in it."""

_log = logging.getLogger(__name__)


class Retention:
    """Deletes runs above the server's limits; never one that is shipped, pinned, training or waiting."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._next = 0.0

    def apply(self, store: RunStore) -> list[str]:
        """Delete what is too much, at most once in SECONDS_BETWEEN; returns the ids of what is gone."""
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
    """The runs to delete, oldest first, so that those that stay are within the limits where they can be."""
    own = [run for run in runs if not run.shipped]
    over_count = len(own) - settings.keep_runs if settings.keep_runs else 0
    sizes = {run.id: size_of(run.folder.path) for run in own} if settings.keep_gigabytes else {}
    over_bytes = sum(sizes.values()) - settings.keep_gigabytes * GIGABYTE if sizes else 0.0
    chosen: list[AnyRun] = []
    # a damaged run counts as the oldest: it is of no use to anybody
    for run in sorted(own, key=lambda run: (run.created, run.id)):
        if over_count <= 0 and over_bytes <= 0:
            break
        if not (run.in_use or run.label.pinned or run.id in settings.pinned):
            chosen.append(run)
            over_count -= 1
            over_bytes -= sizes.get(run.id, 0)
    return chosen


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder, links not followed; 0 for what is gone by the time it is asked for."""
    total = 0
    for directory, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += Path(directory, name).lstat().st_size
    return total
