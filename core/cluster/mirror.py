"""The folder of a run on the server, kept as it is on the node that trains the run."""

import json
import re
import time
from dataclasses import replace
from pathlib import Path

from core.cluster.pieces import APPENDED, STATUS, Changes, Piece, Print, file_names, prints
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.states import resume_point
from core.runs.status import HANG_SECONDS, State, Status
from core.text import Message

SERVERS_OWN = frozenset({"label.json", "terms.json", "opened.json", "printed.json", "trial.json", "here"})
"""Files that no node reads or writes."""
_NODE = "node:"
_DRAFT = ".part-"
"""Begins the name of a file of which only a part was sent."""
_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]*/)?[A-Za-z0-9_][A-Za-z0-9._-]*")


class OutOfStep(Exception):
    """A piece that does not fit what the mirror has."""


class Mirror:
    """Writes what a node sends, so that readers see the run as if it trained here."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder

    def take(self, changes: Changes, node: str, silence: float = 0.0) -> None:
        """Write what is new; raises OutOfStep, and OSError where the disk is full.

        `silence`: the seconds since the worker's last heartbeat, of which readers are told once it hangs.
        """
        for piece in changes.pieces:
            if not _NAME.fullmatch(piece.name) or piece.name in SERVERS_OWN:
                raise OutOfStep(piece.name)
            if piece.name == STATUS:
                self._write_status(piece.content, node)
            elif piece.name in APPENDED and piece.offset:
                _append(self._folder.path / piece.name, piece)
            else:
                self._replace(piece)
        for name in changes.gone:
            if _NAME.fullmatch(name) and name not in SERVERS_OWN:
                # a part of it may have been sent when the worker deleted it
                for path in (self._folder.path / name, _draft_of(self._folder.path / name)):
                    path.unlink(missing_ok=True)
        if silence > HANG_SECONDS:
            status = stored_status(self._folder)
            owner = replace(status.owner or Owner(_NODE + node, 0, 0.0), silent=silence)
            self._folder.write_status(replace(status, owner=owner, heartbeat=time.time()))

    def wait(self, node: str, message: Message | None, *, state: State | None = None) -> None:
        """Show that the run is looked after while its node says nothing; raises OSError."""
        status = stored_status(self._folder)
        owner, now = Owner(_NODE + node, 0, 0.0), time.time()
        self._folder.write_status(
            replace(status, state=state or status.state, owner=owner, heartbeat=now, message=message)
        )

    def prints(self) -> dict[str, Print]:
        """The prints of what the mirror has of the node's folder, to which parts of files do not belong any more."""
        for draft in self._folder.path.rglob(f"{_DRAFT}*"):
            draft.unlink(missing_ok=True)
        return {name: found for name, found in prints(self._folder.path).items() if name not in SERVERS_OWN}

    def to_begin_with(self) -> dict[str, bytes]:
        """What a worker needs to train this run, or to resume it: all but answers and states of earlier epochs."""
        point = resume_point(self._folder)
        found = {}
        for name in file_names(self._folder.path) - SERVERS_OWN:
            folder, _, file = name.rpartition("/")
            earlier = file.startswith(("state-", "resume")) and (point is None or file != point.name)
            if folder != "predictions" and not earlier:
                found[name] = (self._folder.path / name).read_bytes()
        return found

    def _write_status(self, content: bytes, node: str) -> None:
        """The node's status; its process is recorded with a host that is no machine, so only its heartbeat counts."""
        status = Status.from_json(json.loads(content))
        if status.owner is not None:
            owner = Owner(_NODE + node, status.owner.pid, status.owner.started)
            status = replace(status, owner=owner, heartbeat=time.time())
        self._folder.write_status(status)

    def _replace(self, piece: Piece) -> None:
        target = self._folder.path / piece.name
        target.parent.mkdir(exist_ok=True)
        draft = _draft_of(target)
        if piece.offset == 0:
            draft.write_bytes(piece.content)
        else:
            _append(draft, piece)
        if piece.last:
            draft.replace(target)


def is_remote(owner: Owner) -> bool:
    """Whether a run belongs to a process on a node."""
    return owner.host.startswith(_NODE)


def stored_status(folder: RunFolder) -> Status:
    """The status as it is written, whether or not its process lives; raises UnreadableRun."""
    return Status.from_json(folder.read_json(STATUS))


def keep_paused(folder: RunFolder, status: Status) -> None:
    """Ask for the pause again that a lost node has taken with it, unless it is to end; raises OSError."""
    if status.state == "paused" and not folder.control.pending:
        folder.control.ask("pause")


def _draft_of(path: Path) -> Path:
    return path.with_name(f"{_DRAFT}{path.name}")


def _append(path: Path, piece: Piece) -> None:
    if not path.exists() or path.stat().st_size != piece.offset:
        raise OutOfStep(piece.name)
    with path.open("ab") as file:
        file.write(piece.content)
