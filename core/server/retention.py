"""Delete the oldest ended runs beyond the limits, except pinned ones."""

import logging
import time
from collections.abc import Mapping, Sequence

from core.errors import DigitLabError
from core.runs.disk import clean, size_of
from core.runs.entries import AnyRun, Run
from core.runs.store import RunStore
from core.server.limits import Settings

GIGABYTE = 1_000_000_000
SECONDS_BETWEEN = 20.0
"""Time between two checks, in which a run writes at most a few hundred megabytes."""

_log = logging.getLogger(__name__)


class Retention:
    """Deletes runs beyond the server's limits, but never a shipped, pinned, training or waiting one.

    Where disk space is short, optimizer states that only forks need are deleted before any run.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._next = 0.0

    def apply(self, store: RunStore) -> list[str]:
        """Delete the surplus, at most once per SECONDS_BETWEEN; returns the ids of the deleted runs."""
        if not self._settings.limited or time.monotonic() < self._next:
            return []
        self._next = time.monotonic() + SECONDS_BETWEEN
        if self._settings.keep_gigabytes:
            self._drop_states(store)
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

    def _drop_states(self, store: RunStore) -> None:
        runs = store.entries()
        over = _surplus_bytes(_sizes(runs), self._settings)
        for run in sorted(runs, key=_age):
            if over <= 0:
                return
            if isinstance(run, Run) and _may_go(run, self._settings) and not run.opened:
                try:
                    over -= clean(store, run.id, "states")
                except DigitLabError as error:
                    _log.warning("the states of %s cannot be deleted: %s", run.id, error)


def surplus(runs: Sequence[AnyRun], settings: Settings) -> list[AnyRun]:
    """The runs to delete, oldest first, to bring the rest within the limits if possible."""
    own = [run for run in runs if not run.shipped]
    over_count = len(own) - settings.keep_runs if settings.keep_runs else 0
    sizes = _sizes(own) if settings.keep_gigabytes else {}
    over_bytes = _surplus_bytes(sizes, settings)
    chosen: list[AnyRun] = []
    for run in sorted(own, key=_age):
        if over_count <= 0 and over_bytes <= 0:
            break
        if _may_go(run, settings):
            chosen.append(run)
            over_count -= 1
            over_bytes -= sizes.get(run.id, 0)
    return chosen


def _age(run: AnyRun) -> tuple[float, str]:
    # a damaged run counts as the oldest, because it is of no use
    return run.created, run.id


def _may_go(run: AnyRun, settings: Settings) -> bool:
    return not (run.shipped or run.in_use or run.label.pinned or run.id in settings.pinned)


def _sizes(runs: Sequence[AnyRun]) -> dict[str, int]:
    """The bytes that deleting each run frees, if the older ones are deleted first: runs may share files."""
    counted = set[tuple[int, int]]()
    own = sorted((run for run in runs if not run.shipped), key=_age, reverse=True)
    return {run.id: size_of(run.folder.path, counted) for run in own}


def _surplus_bytes(sizes: Mapping[str, int], settings: Settings) -> float:
    return sum(sizes.values()) - settings.keep_gigabytes * GIGABYTE if sizes else 0.0
