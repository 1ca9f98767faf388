"""Which process a run belongs to, and whether it still lives."""

import os
import platform
from dataclasses import dataclass
from typing import Any, Self

import psutil


@dataclass(frozen=True, slots=True)
class Owner:
    """A process on a machine, told apart from later ones with the same number.

    `started` counts seconds from the machine's start, so that setting the clock changes nothing.
    """

    host: str
    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """The owner with this process number here, or None where no such process lives."""
        try:
            process = psutil.Process(pid)
            if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
                return None
            return cls(platform.node(), pid, process.create_time() - psutil.boot_time())
        except (psutil.Error, ValueError, OverflowError):
            # a number that no process can have
            return None

    @classmethod
    def this(cls) -> Self:
        """The process that asks."""
        owner = cls.of(os.getpid())
        assert owner is not None
        return owner

    def lives(self) -> bool | None:
        """Whether the process still runs; None where it is another machine's."""
        if self.host != platform.node():
            return None
        now = Owner.of(self.pid)
        # the two clocks are read one after the other, hence the tolerance
        return now is not None and abs(now.started - self.started) < 2

    def to_json(self) -> dict[str, Any]:
        return {"host": self.host, "pid": self.pid, "started": round(self.started, 2)}
