"""One run on a node as the server follows it: placed, begun, kept in step, ended."""

import contextlib
import time
from collections.abc import Generator
from dataclasses import replace
from typing import Any

from core.cluster.agent import Assignment, News
from core.cluster.connection import AgentFailed, Call, Connection, NodeLost
from core.cluster.mirror import Mirror, OutOfStep, keep_paused, stored_status
from core.cluster.pool import Pool, Unfit
from core.errors import DigitLabError, UnreadableRun, reason_of
from core.runs.folder import RunFolder
from core.runs.status import ACTIVE, State
from core.text import Message

SYNC_SECONDS = 0.25
"""Between an answer of a node and the next question."""
SILENT_SECONDS = 3.0
"""A question without an answer for this long is reported."""
_BEAT_SECONDS = _AGAIN_SECONDS = 1.0
_MOST_LOSSES = 3
"""So many nodes lost without an epoch in between end a run."""

_Steps = Generator[None, None, Any]


class _Withdrawn(Exception):
    """The run was stopped, or its folder deleted, while it had no node."""


class RemoteRun:
    """A worker on a node, for the queue; `step` does what can be done without waiting."""

    def __init__(self, folder: RunFolder, pool: Pool, *, adopted: bool = False) -> None:
        """`adopted`: an earlier process has begun it, and its agent may still train."""
        self.folder = folder
        self.node = ""
        """The name of its node; empty while it has none."""
        self.waits_since: float | None = time.time()
        """When it began to wait for a node or its answer, in seconds since 1970; None while all goes well."""
        self._pool = pool
        self._mirror = Mirror(folder)
        self._adopted = adopted
        self._code: int | None = None
        self._killed = False
        self._losses, self._epoch, self._beaten = 0, -1, 0.0
        self._steps = self._follow()

    @property
    def id(self) -> str:
        return self.folder.id

    def poll(self) -> int | None:
        """The worker's exit code, None while it runs."""
        return self._code

    def kill(self) -> None:
        """End it at the next step; it can be resumed."""
        self._killed = True

    def step(self) -> None:
        """Take the next step."""
        if self._code is None:
            try:
                next(self._steps)
            except StopIteration as ended:
                self._code = ended.value

    def _follow(self) -> Generator[None, None, int]:
        """Follow the run to its end; returns the worker's exit code, 0 where it never began."""
        code = 0
        try:
            code = yield from self._attempts()
            self._write("interrupted", Message("runs.interrupted"))
        except _Withdrawn:
            self._write("stopped", Message("cluster.withdrawn"))
        except Unfit as error:
            # it waits where it was, for another node
            self._write("queued", error.message)
        except DigitLabError as error:
            self._write("failed", error.message)
        except AgentFailed as error:
            self._write("failed", Message("cluster.failed", reason=str(error)))
        except OSError as error:
            self._write("failed", Message("cluster.unwritable", reason=reason_of(error)))
        # not where this process ends: the agent goes on
        self._pool.connection.kill(self.id)
        return code

    def _attempts(self) -> Generator[None, None, int]:
        connection = self._pool.connection
        while True:
            # the one that there is, while Ray has not given it up
            agent = connection.start(self.id, self._pool.demand, without=self._pool.unfit_ids)
            try:
                return (yield from self._train(connection, agent))
            except NodeLost:
                self._lose()
            except OutOfStep:
                # both report again what they have
                self._adopted = True
            yield from self._pause(_AGAIN_SECONDS)

    def _train(self, connection: Connection, agent: Any) -> Generator[None, None, int]:
        """Begin or go on, and follow to the end; returns the worker's exit code."""
        theirs = yield from self._call(connection.call(agent, "hello"))
        node = yield from self._call(connection.call(agent, "node"))
        self._pool.check(node, theirs)
        self.node = self._pool.name_of(node)
        if not self._adopted or not (yield from self._call(connection.call(agent, "attach", self._mirror.prints()))):
            yield from self._begin(connection, agent)
        self._adopted = True
        while True:
            requests = {path.name: path.read_bytes() for path in self.folder.control.files()}
            news: News = yield from self._call(connection.call(agent, "sync", requests))
            self._mirror.take(news.changes, self.node, news.silence)
            self.waits_since = None
            for name in requests:
                (self.folder.control.path / name).unlink(missing_ok=True)
            if news.code is not None:
                yield from self._call(connection.call(agent, "end"))
                return news.code
            if news.changes.whole:
                yield from self._pause(SYNC_SECONDS)

    def _begin(self, connection: Connection, agent: Any) -> _Steps:
        config = self.folder.manifest().config
        assignment = Assignment(self.id, config.dataset, config.data.digest, self._pool.threads)
        data = None
        if not (yield from self._call(connection.call(agent, "has_data", config.dataset, config.data.digest))):
            data = self._pool.data(config.dataset, config.data.digest)
        files = self._mirror.to_begin_with()
        yield from self._call(connection.call(agent, "begin", assignment, files, data))

    def _call(self, call: Call) -> Generator[None, None, Any]:
        """The answer of an agent; meanwhile the run is shown to wait."""
        began = time.monotonic()
        while not call.ready():
            if time.monotonic() - began > SILENT_SECONDS or not self.node:
                self._wait()
            yield from self._next()
        return call.answer()

    def _pause(self, seconds: float) -> _Steps:
        until = time.monotonic() + seconds
        yield from self._next()
        while time.monotonic() < until:
            yield from self._next()

    def _next(self) -> _Steps:
        """Leave the rest for the next step."""
        yield
        if self._killed or not self.folder.path.is_dir():
            raise _Withdrawn

    def _wait(self) -> None:
        """Show once a second that the run waits; raises _Withdrawn if it is asked to stop, which no worker reads."""
        self.waits_since = self.waits_since or time.time()
        if time.monotonic() - self._beaten < _BEAT_SECONDS:
            return
        self._beaten = time.monotonic()
        if not self.node and any(b'"stop"' in path.read_bytes() for path in self.folder.control.files()):
            self.folder.control.take()
            raise _Withdrawn
        waited = round(time.time() - self.waits_since)
        message = None
        if waited >= SILENT_SECONDS:
            message = Message("cluster.silent" if self.node else "cluster.no_node", seconds=waited)
        with contextlib.suppress(OSError, UnreadableRun):
            self._mirror.wait(self.node, message)

    def _lose(self) -> None:
        """Note that a node was lost; raises DigitLabError where nodes are lost again and again."""
        # until Ray has started the agent elsewhere, each question fails
        if self.node:
            status = stored_status(self.folder)
            keep_paused(self.folder, status)
            self._losses = self._losses + 1 if status.epoch == self._epoch else 1
            self._epoch, self.node, self.waits_since = status.epoch, "", time.time()
            if self._losses > _MOST_LOSSES:
                raise DigitLabError("cluster.lost", count=self._losses)
            with contextlib.suppress(OSError, UnreadableRun):
                self._mirror.wait("", None, state="starting")
        self._wait()

    def _write(self, state: State, message: Message) -> None:
        """Write what became of the run, where its worker has not done so."""
        with contextlib.suppress(OSError, UnreadableRun):
            status = stored_status(self.folder)
            if status.state in ACTIVE:
                self.folder.write_status(replace(status, state=state, owner=None, message=message))
