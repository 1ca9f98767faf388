"""Which process a run belongs to, and whether it is still alive."""

import os
import platform
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import psutil

try:
    import resource
except ImportError:
    # Windows has none
    resource = None  # type: ignore[assignment]

from core.errors import DigitLabError


@dataclass(frozen=True, slots=True)
class Owner:
    """A process on a machine, identified by its number and start.

    `started` counts seconds from the machine's boot, so that setting the clock does not change it.
    """

    host: str
    pid: int
    started: float
    beat: float | None = None
    """The last heartbeat, in seconds of its machine's monotonic clock; None where it gives none."""
    memory_kills: int | None = None
    """OOM kills on its machine at the last heartbeat."""
    memory_share: float = 0.0
    """The share of its memory limit in use at the last heartbeat."""
    silent: float = 0.0
    """Of another machine's process: the seconds without a heartbeat that were last reported."""

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """The process with this number on this machine, or None where none is alive."""
        try:
            process = psutil.Process(pid)
            if process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
                return None
            booted = psutil.boot_time()
            started = process.create_time() - booted
            while (now := psutil.boot_time()) != booted:
                # the clock was set between the two readings
                booted, started = now, process.create_time() - now
            return cls(platform.node(), pid, started)
        except (psutil.Error, ValueError, OverflowError):
            # also for a number that no process can have
            return None

    @classmethod
    def this(cls) -> Self:
        """The current process."""
        owner = cls.of(os.getpid())
        assert owner is not None
        return owner

    def beating(self) -> Self:
        """The same process with a heartbeat of now; only for the current process."""
        return replace(self, beat=time.monotonic(), memory_kills=memory_kills(), memory_share=memory_share())

    def lives(self) -> bool | None:
        """Whether the process is alive; None for another machine's."""
        if self.host != platform.node():
            return None
        now = Owner.of(self.pid)
        return now is not None and abs(now.started - self.started) < 2

    def silence(self) -> float:
        """Seconds since the last heartbeat; 0 where it gives none, `silent` for another machine's process.

        Neither setting the clock nor suspending the machine adds to it.
        """
        if self.host != platform.node():
            return self.silent
        if self.beat is None:
            return 0.0
        return max(0.0, time.monotonic() - self.beat)

    def end(self) -> None:
        """Kill the process, but never a later one with its number; raises DigitLabError without permission.

        A server that is only starting a run gives no heartbeat and is left alone.
        """
        if self.beat is None:
            return
        try:
            # psutil, too, compares the start, and so kills no later process
            process = psutil.Process(self.pid)
            if self.lives():
                process.kill()
        except psutil.NoSuchProcess:
            return
        except psutil.AccessDenied:
            raise DigitLabError("faults.not_ended", pid=self.pid) from None

    def to_json(self) -> dict[str, Any]:
        values: dict[str, Any] = {"host": self.host, "pid": self.pid, "started": round(self.started, 2)}
        if self.silent:
            values["silent"] = round(self.silent, 2)
        if self.beat is not None:
            share = round(self.memory_share, 3)
            values |= {"beat": round(self.beat, 2), "memory_kills": self.memory_kills, "memory_share": share}
        return values


def memory_kills() -> int | None:
    """The machine's OOM kills since boot; None where the system does not count them.

    Linux counts those of all its containers together.
    """
    try:
        counters = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
        return next((int(line.split()[1]) for line in counters if line.startswith("oom_kill ")), None)
    except (OSError, ValueError, IndexError):
        return None


def memory_share() -> float:
    """The share of this process's memory limit (`ulimit -v` or `-d`) that is in use; 0 without a limit."""
    if resource is None:
        return 0.0
    sizes = psutil.Process().memory_info()
    limits = ((resource.RLIMIT_AS, sizes.vms), (resource.RLIMIT_DATA, getattr(sizes, "data", 0)))
    bounded = [(size, resource.getrlimit(kind)[0]) for kind, size in limits]
    return max((size / limit for size, limit in bounded if limit not in (0, resource.RLIM_INFINITY)), default=0.0)
