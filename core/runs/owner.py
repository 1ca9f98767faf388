"""Which process a run belongs to, and whether it still lives."""

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
    # Windows has no such limits
    resource = None  # type: ignore[assignment]

from core.errors import DigitLabError


@dataclass(frozen=True, slots=True)
class Owner:
    """A process on a machine, told apart from later ones with the same number.

    `started` counts seconds from the machine's start, so that setting the clock changes nothing.
    """

    host: str
    pid: int
    started: float
    beat: float | None = None
    """Its last sign of life, in seconds of its machine's monotonic clock; None where it gives none."""
    memory_kills: int | None = None
    """What `memory_kills` was at that moment."""
    memory_share: float = 0.0
    """What `memory_share` was at that moment."""

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """The owner with this process number here, or None where no such process lives."""
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
            # a number that no process can have
            return None

    @classmethod
    def this(cls) -> Self:
        """The process that asks."""
        owner = cls.of(os.getpid())
        assert owner is not None
        return owner

    def beating(self) -> Self:
        """The same process with a sign of life of this moment; only it may give one."""
        return replace(self, beat=time.monotonic(), memory_kills=memory_kills(), memory_share=memory_share())

    def lives(self) -> bool | None:
        """Whether the process still runs; None where it is another machine's."""
        if self.host != platform.node():
            return None
        now = Owner.of(self.pid)
        return now is not None and abs(now.started - self.started) < 2

    def silence(self) -> float:
        """Seconds since its last sign of life; 0 where it gives none, or on another machine.

        Neither a clock that was set nor a machine that slept adds to it.
        """
        if self.beat is None or self.host != platform.node():
            return 0.0
        return max(0.0, time.monotonic() - self.beat)

    def end(self) -> None:
        """End this very process, and no later one with its number; raises DigitLabError where it may not.

        A server that only starts a run gives no sign of life, and is left alone.
        """
        if self.beat is None:
            return
        try:
            # it knows its process by the start, too, and so kills no other that came since
            process = psutil.Process(self.pid)
            if self.lives():
                process.kill()
        except psutil.NoSuchProcess:
            return
        except psutil.AccessDenied:
            raise DigitLabError("faults.not_ended", pid=self.pid) from None

    def to_json(self) -> dict[str, Any]:
        values: dict[str, Any] = {"host": self.host, "pid": self.pid, "started": round(self.started, 2)}
        if self.beat is not None:
            share = round(self.memory_share, 3)
            values |= {"beat": round(self.beat, 2), "memory_kills": self.memory_kills, "memory_share": share}
        return values


def memory_kills() -> int | None:
    """How many processes the machine has ended for want of memory since its start; None where it does not say.

    Linux counts them, those of all its containers together.
    """
    try:
        counters = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
        return next((int(line.split()[1]) for line in counters if line.startswith("oom_kill ")), None)
    except (OSError, ValueError, IndexError):
        return None


def memory_share() -> float:
    """The part of the memory it may have that this process has, 0 where no limit is set; `ulimit -v` and `-d` do."""
    if resource is None:
        return 0.0
    sizes = psutil.Process().memory_info()
    limits = ((resource.RLIMIT_AS, sizes.vms), (resource.RLIMIT_DATA, getattr(sizes, "data", 0)))
    bounded = [(size, resource.getrlimit(kind)[0]) for kind, size in limits]
    return max((size / limit for size, limit in bounded if limit not in (0, resource.RLIM_INFINITY)), default=0.0)
