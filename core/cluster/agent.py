"""Trains one run on a node of the cluster: an actor of Ray, which starts a worker as a server does on its machine.

The worker ends with its agent, so a run that Ray has lost never trains twice.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from core import child_process
from core.array_types import Bytes
from core.cluster import shipping
from core.cluster.pieces import Changes, Print, Source
from core.cluster.versions import versions
from core.queue.ending import write_end
from core.queue.launcher import thread_variables
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.status import ACTIVE, HANG_SECONDS
from core.text import Message

PATIENCE_SECONDS = 60.0
"""A worker without a heartbeat for this long is ended, unless a person has it ended before."""
_FOLDER = "digit-lab-node-"


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a node needs to know of a run besides its files."""

    run: str
    """The run's id."""
    dataset: str
    digest: str
    """Of the data set's arrays."""
    threads: int
    """Of TensorFlow; 0 lets it choose."""


@dataclass(frozen=True, slots=True)
class News:
    """What happened on a node since it was last asked."""

    changes: Changes
    code: int | None
    """The worker's exit code, once it has ended and `changes` tell all of it."""
    silence: float = 0.0
    """Seconds since the worker's last heartbeat, while it lives."""


class Agent:
    """Keeps the folder of one run on a node; each method answers at once."""

    def __init__(self) -> None:
        self._folder: RunFolder | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._source: Source | None = None
        self._asked: set[str] = set()
        self._ended = False

    def hello(self) -> dict[str, str]:
        """What must be the same on the server, see `versions`."""
        return versions()

    def node(self) -> str:
        """The id of the node, as Ray has it."""
        # in a process of Ray only
        import ray

        found: str = ray.get_runtime_context().get_node_id()
        return found

    def has_data(self, name: str, digest: str) -> bool:
        """Whether this data set needs not be sent."""
        return shipping.is_here(name, digest)

    def begin(self, assignment: Assignment, files: Mapping[str, bytes], data: Mapping[str, Bytes] | None) -> None:
        """Train or resume a run with these files; an earlier beginning is dropped.

        Raises DigitLabError or OSError where this node cannot keep its files.
        """
        self.end()
        if data is not None:
            shipping.unpack(assignment.dataset, assignment.digest, data)
        folder = RunFolder(_own_folder() / assignment.run)
        for name, content in files.items():
            path = folder.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        # until the worker takes over, the run belongs to this process
        folder.change_status(state="starting", owner=Owner.this(), message=None)
        self._folder, self._source, self._ended = folder, Source(folder.path), False
        self._source.acquaint({name: Print.of(content) for name, content in files.items()})
        self._process = self._start(folder, assignment)

    def attach(self, prints: Mapping[str, Print]) -> bool:
        """Tell from now on what a mirror with these files lacks; False where no run was begun here."""
        if self._source is None:
            return False
        self._source.acquaint(prints)
        return True

    def sync(self, requests: Mapping[str, bytes]) -> News:
        """Pass requests to the worker, each once, and return what is new; raises RuntimeError before `begin`."""
        if self._folder is None or self._source is None or self._process is None:
            raise RuntimeError("no run was begun")
        self._folder.control.path.mkdir(exist_ok=True)
        for name, content in requests.items():
            if name in self._asked:
                continue
            if b'"end"' not in content:
                draft = self._folder.control.path / f".{Path(name).name}"
                draft.write_bytes(content)
                draft.replace(draft.with_name(Path(name).name))
            elif _silence(self._folder) > HANG_SECONDS:
                _kill(self._folder, self._process, Message("faults.ended"))
            self._asked.add(name)
        # before the folder is read, so that all is there which the process wrote
        code = self._process.poll()
        silence = 0.0
        if code is None and (silence := _silence(self._folder)) > PATIENCE_SECONDS:
            _kill(self._folder, self._process, Message("cluster.hung", seconds=round(silence)))
        if code is not None and not self._ended:
            write_end(self._folder, code)
            self._ended = True
        changes = self._source.changes()
        return News(changes, code if changes.whole else None, silence)

    def end(self) -> None:
        """End the worker and delete its folder."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._folder is not None:
            shutil.rmtree(self._folder.path.parent, ignore_errors=True)
        self._folder = self._process = self._source = None
        self._asked = set()

    def _start(self, folder: RunFolder, assignment: Assignment) -> subprocess.Popen[bytes]:
        changes = thread_variables(assignment.threads)
        brought = shipping.folder_of_brought(assignment.dataset, assignment.digest)
        if brought is not None:
            changes["DIGIT_LAB_DATA"] = str(brought)
        with folder.log.open("ab") as log:
            return subprocess.Popen(
                child_process.command("core.training", "--tied", str(folder.path)),
                env=child_process.environment(changes),
                # it closes when this process dies, by which the worker knows
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )


def _silence(folder: RunFolder) -> float:
    """Seconds since the worker's last heartbeat."""
    status = folder.status()
    return status.owner.silence() if status.state in ACTIVE and status.owner else 0.0


def _kill(folder: RunFolder, process: "subprocess.Popen[bytes]", reason: Message) -> None:
    """End a worker that is suspended or stuck, and say why in its run."""
    process.kill()
    folder.change_status(state="interrupted", owner=None, message=reason)


def _own_folder() -> Path:
    """A new folder on this node's disk; removes those of processes that died."""
    for left in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        pid = left.name.removeprefix(_FOLDER).partition("-")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-"))
