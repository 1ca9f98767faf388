"""Whether another run can start now, beside those that train."""

import time
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

import psutil

from core.environment import cores
from core.runs.entries import Run
from core.server.limits import Settings

RUN_BYTES = 2**30
"""Free memory without which no second run starts: TensorFlow, the images and a small network take 0.8 GB."""


LEFT_SECONDS = 3.0
"""So long, a server leaves a sweep's new run to the process that drives the sweep."""


class Room(Protocol):
    """Decides for one waiting run after the other, in their order, whether it starts."""

    def has_room(self, run: Run, training: Collection[Path]) -> bool:
        """Whether this run can start beside those that train in these folders."""
        ...

    def has_more(self, under_way: Collection[Path]) -> bool:
        """Whether another run could train beside those that train or wait in these folders."""
        ...


class MachineRoom:
    """The room on this machine: as many runs as the settings say, the second and later ones only if memory is free."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._most = most_at_once(settings or Settings())

    def has_room(self, run: Run, training: Collection[Path]) -> bool:  # noqa: ARG002 all runs are alike here
        """Whether another run can start; one always can."""
        return self.has_more(training)

    def has_more(self, under_way: Collection[Path]) -> bool:
        """Whether another run could train; one always can."""
        return not under_way or (len(under_way) < self._most and psutil.virtual_memory().available > RUN_BYTES)


class ServersRoom(MachineRoom):
    """The room that a server gives: a sweep's new run is left to the sweep's own process, which is prepared for it.

    Only where that has died does the server start the run, a moment later; runs behind it wait as well.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings)
        self._left_until = 0.0

    def has_room(self, run: Run, training: Collection[Path]) -> bool:
        """Whether another run can start, and this one is not left to another process."""
        group, age = run.manifest.group, time.time() - run.manifest.created
        if group is not None and group.kind == "sweep" and 0 <= age < LEFT_SECONDS:
            self._left_until = time.monotonic() + LEFT_SECONDS - age
        return time.monotonic() >= self._left_until and super().has_room(run, training)


def most_at_once(settings: Settings) -> int:
    """How many runs train at once: the setting, or for 0 one on each core for which there is memory."""
    return settings.runs_at_once or max(1, min(cores(), psutil.virtual_memory().total // RUN_BYTES - 1))


def threads_each(settings: Settings) -> int:
    """The threads of a training: the setting, else its share of the cores; 0 lets TensorFlow choose."""
    most = most_at_once(settings)
    return settings.threads or (max(1, cores() // most) if most > 1 else 0)
