"""Decides where runs train: on this machine or, with DIGIT_LAB_RAY, on a cluster that a process looks after."""

import logging
import subprocess
import time
from collections.abc import Collection
from pathlib import Path

from core import child_process
from core.cluster.overview import FOLDER, read_overview
from core.config.run import RunConfig
from core.queue.launcher import Launcher, Worker
from core.queue.queue import Queue
from core.queue.room import MachineRoom, ServersRoom
from core.runs.entries import Run
from core.runs.folder import RunFolder
from core.runs.store import RunStore
from core.server.limits import Settings
from core.server.retention import Retention

AGAIN_SECONDS = 5.0
"""Between two starts of the process, if it ends by itself."""
_LOG = logging.getLogger(__name__)


def queue_for(
    store: RunStore,
    settings: Settings,
    *,
    retention: Retention | None = None,
    settling: float | None = None,
    ahead: bool = False,
) -> Queue:
    """The queue of a server or a sweep, see `Queue`; with a cluster, it leaves starting runs to another process."""
    if settings.ray:
        keeper = Keeper(store)
        return Queue(store, launcher=keeper, room=keeper, retention=retention)
    # nobody is still typing what a sweep expects
    launcher = Launcher(settings, settling=settling, steady=0 if ahead else None)
    room = MachineRoom(settings) if ahead else ServersRoom(settings)
    return Queue(store, launcher=launcher, room=room, retention=retention, ahead=ahead)


class Keeper:
    """Launcher and room of a queue that starts no run itself: keeps the process alive that does."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._process: subprocess.Popen[bytes] | None = None
        self._next = 0.0

    def has_room(self, run: Run, training: Collection[Path]) -> bool:  # noqa: ARG002 the other process decides
        """Never here."""
        return False

    def has_more(self, under_way: Collection[Path]) -> bool:
        """Whether the nodes bear more runs than those that train or wait."""
        overview = read_overview(self._store.runs_dir)
        return overview is not None and sum(node.slots for node in overview.nodes) > len(under_way)

    def launch(self, folder: RunFolder) -> Worker:
        """Never called, since there is no room."""
        raise AssertionError(folder)

    def tend(self, *, busy: bool) -> None:  # noqa: ARG002 pages show nodes also while nothing trains
        """Start the process, unless it or an earlier server's lives."""
        if self._process is not None and self._process.poll() is None:
            return
        found = read_overview(self._store.runs_dir)
        if (found and found.owner.lives()) or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + AGAIN_SECONDS
        try:
            self._process = self._start()
        except OSError as error:
            _LOG.warning("No process can be started for the cluster: %s", error)

    def expect(self, config: RunConfig) -> None:
        """Nothing: no process waits on a node."""

    def close(self) -> None:
        """Nothing: the process ends when its server is gone and no run trains or waits."""

    def _start(self) -> "subprocess.Popen[bytes]":
        folder = self._store.runs_dir / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "dispatcher.log").open("ab") as log:
            return subprocess.Popen(
                child_process.command("core.cluster", str(self._store.runs_dir.absolute())),
                env=child_process.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
