"""What pages ask of a worker: the requests in a run's folder `control/`, each in a file of its own."""

import contextlib
import json
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from core.errors import DigitLabError
from core.files import replacing

COMMANDS = ("stop", "pause", "resume", "learning_rate", "end")
"""The last one is for the process that looks after a worker on another machine: to end it if it does not respond."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request from a page to the worker."""

    command: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """The requests that a worker has not taken yet; the folder is made by the first."""

    path: Path

    def ask(self, command: str, value: float | None = None) -> None:
        """Leave a request for the worker, each in a separate file so that two pages never collide; raises OSError."""
        if command not in COMMANDS:
            raise DigitLabError("runs.unknown_command", command=command)
        self.path.mkdir(exist_ok=True)
        # requests stay in order even if the clock is set back in between
        last = max((int(path.name[:20]) for path in self.files() if path.name[:20].isdecimal()), default=0)
        name = f"{max(time.time_ns(), last + 1):020d}-{uuid.uuid4().hex[:8]}.json"
        with replacing(self.path / name) as draft:
            draft.write_text(json.dumps({"command": command, "value": value}), encoding="utf-8")

    def take(self) -> list[Request]:
        """The requests since the last call, oldest first; each is returned once."""
        requests = []
        for path in self.files():
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                values = json.loads(path.read_text(encoding="utf-8"))
                requests.append(Request(values["command"], values["value"]))
            path.unlink(missing_ok=True)
        return requests

    @property
    def pending(self) -> bool:
        """Whether there are requests that the worker has not taken yet."""
        return bool(self.files())

    def files(self) -> list[Path]:
        """The files of the requests, oldest first."""
        # a draft is incomplete, and taking it would lose the request
        return sorted(path for path in self.path.glob("*.json") if not path.name.startswith("."))
