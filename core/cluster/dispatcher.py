"""Starts waiting runs on the nodes of a cluster and follows them: the queue of a server whose runs train elsewhere.

It is a process of its own, so that Ray stays out of the pages. All it knows is in the run folders and in Ray, where
agents outlive it: a new process finds them by the ids of their runs and goes on.
"""

import contextlib
import logging
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from core.cluster.connection import Connection, Node
from core.cluster.mirror import is_remote, keep_paused, stored_status
from core.cluster.overview import FOLDER, ClusterOverview, NodeShown, Place, write_overview
from core.cluster.pool import Pool
from core.cluster.remote_run import SILENT_SECONDS, RemoteRun
from core.config.run import RunConfig
from core.errors import DigitLabError, UnreadableRun
from core.queue.launcher import Launcher, Worker
from core.queue.queue import Queue
from core.queue.room import MachineRoom
from core.runs.entries import Run
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.status import ACTIVE, Status
from core.runs.store import RunStore
from core.server.limits import Settings
from core.text import Message

STEP_SECONDS = 0.05
TICK_SECONDS, FULL_TICK_SECONDS = 0.4, 2.0
"""Between two looks at all runs; less often while all nodes are taken, when no run can start."""
AGAIN_SECONDS = 10.0
"""Between two attempts to reach the cluster."""
_SHOW_SECONDS = 1.0
_LOG = logging.getLogger(__name__)


class Dispatcher:
    """Launcher and room of its own queue; `step` does what is due, and never waits for a node."""

    def __init__(
        self, store: RunStore, settings: Settings, *, connect: Callable[[str, str], Connection] = Connection
    ) -> None:
        self._store = store
        self._settings = settings
        self._connect = connect
        self._queue = Queue(store, launcher=self, room=self)
        self._local, self._machine = Launcher(settings), MachineRoom(settings)
        self._pool: Pool | None = None
        self._problem: Message | None = None
        self._remote: dict[Path, RemoteRun] = {}
        self._busy = True
        self._turned_away = False
        self._full_since: float | None = None
        self._next_attempt = self._next_tick = self._next_show = 0.0
        self._shown: ClusterOverview | None = None
        self._owner = Owner.this()
        (store.runs_dir / FOLDER).mkdir(parents=True, exist_ok=True)

    @property
    def idle(self) -> bool:
        """Whether no run trains or waits."""
        return not self._busy and not self._remote

    def step(self) -> None:
        """Do what is due; raises Ray's error once the connection is lost and does not come back."""
        now = time.monotonic()
        if self._pool is None and now >= self._next_attempt:
            self._join()
            self._next_attempt = time.monotonic() + AGAIN_SECONDS
        if self._pool is not None:
            self._pool.look()
        for run in self._remote.values():
            run.step()
        if now >= self._next_tick or any(run.poll() is not None for run in self._remote.values()):
            self._next_tick = now + (FULL_TICK_SECONDS if self._is_full else TICK_SECONDS)
            self._turned_away = False
            with contextlib.suppress(DigitLabError):
                self._queue.tick()
            self._remote = {path: run for path, run in self._remote.items() if run.poll() is None}
            self._full_since = (self._full_since or time.time()) if self._turned_away else None
        if now >= self._next_show:
            self._next_show = now + _SHOW_SECONDS
            self._show()

    @property
    def _is_full(self) -> bool:
        """Whether all nodes are taken."""
        return self._pool is not None and len(self._remote) >= self._pool.size

    def close(self) -> None:
        """Leave the cluster; runs go on."""
        if self._pool is not None:
            self._pool.connection.close()

    def has_room(self, run: Run, training: Collection[Path]) -> bool:
        """Whether a node is free for this run or, if it was sent to this machine, whether that is."""
        if run.folder.here.exists():
            return self._machine.has_room(run, [path for path in training if path not in self._remote])
        free = self.has_more(training)
        self._turned_away |= not free
        return free

    def has_more(self, under_way: Collection[Path]) -> bool:  # noqa: ARG002 the pool knows what is on its nodes
        """Whether a node is free."""
        return self._pool is not None and not self._is_full

    def launch(self, folder: RunFolder) -> Worker:
        """Have a run trained on a node or, if it was sent to this machine, here."""
        if self._pool is None or folder.here.exists():
            return self._local.launch(folder)
        self._remote[folder.path] = RemoteRun(folder, self._pool)
        return self._remote[folder.path]

    def tend(self, *, busy: bool) -> None:
        """Take note of whether there is work; no process is kept ready here."""
        self._busy = busy

    def expect(self, config: RunConfig) -> None:
        """Nothing: no process waits on a node."""

    def _join(self) -> None:
        """Connect to the cluster and find the runs that are there."""
        try:
            connection = self._connect(self._settings.ray, namespace(self._store.runs_dir))
        except DigitLabError as error:
            if self._problem != error.message:
                _LOG.warning("%s", error)
            self._problem = error.message
            return
        self._problem, self._pool = None, Pool(connection, self._settings)
        self._pool.look()
        agents = set(connection.names())
        for run in (*self._store.runs(), *self._store.jobs()):
            if not run.shipped and not run.opened:
                with contextlib.suppress(UnreadableRun, OSError):
                    self._find(run.folder, self._pool, has_agent=run.id in agents)
        for name in agents - {run.id for run in self._remote.values()}:
            connection.kill(name)

    def _find(self, folder: RunFolder, pool: Pool, *, has_agent: bool) -> None:
        """Go on with a run that an earlier process placed; what the cluster has lost waits again."""
        status = stored_status(folder)
        here = folder.here.exists()
        if has_agent and not here and (status.state in ACTIVE or status.state == "queued"):
            if status.state == "queued":
                folder.write_status(replace(status, state="starting"))
            self._remote[folder.path] = run = RemoteRun(folder, pool, adopted=True)
            run.step()
            self._queue.adopt(folder, run)
        elif _is_lost(status, here=here):
            keep_paused(folder, status)
            folder.write_status(replace(status, state="queued", owner=None, message=None))

    def _show(self) -> None:
        """Write what pages show, if it has changed."""
        pool = self._pool
        nodes = [_shown(node, pool) for node in pool.nodes] if pool else []
        problem = self._problem
        if pool and not pool.size and self._turned_away:
            problem = next((node.problem for node in nodes if node.problem), Message("cluster.too_small"))
        now = time.time()
        places = {
            run.id: Place(run.node, run.waits_since if now - (run.waits_since or now) > SILENT_SECONDS else None)
            for run in self._remote.values()
        }
        shown = ClusterOverview(self._owner, tuple(nodes), places, problem, self._full_since)
        if shown != self._shown:
            self._shown = shown
            with contextlib.suppress(OSError):
                write_overview(self._store.runs_dir, shown)


def namespace(runs_dir: Path) -> str:
    """The name under which a cluster knows the runs of this folder, made at first use."""
    path = runs_dir / FOLDER / "namespace"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"digit-lab-{secrets.token_hex(8)}", encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _shown(node: Node, pool: Pool) -> NodeShown:
    return NodeShown(node.name, node.cpus, node.gpus, node.gigabytes, pool.slots(node), pool.unfit.get(node.id))


def _is_lost(status: Status, *, here: bool) -> bool:
    """Whether a run was placed on a node that the cluster does not know any more, or was about to be placed."""
    if status.state not in ACTIVE or here or status.owner is None:
        return False
    return is_remote(status.owner) or (status.state == "starting" and status.owner.lives() is False)
