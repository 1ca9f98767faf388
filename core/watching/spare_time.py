"""How much of the processor the work beside a person's program may take, so that the program hardly notices it."""

import math
import time

import psutil

SHARE = 0.015
"""Of the program's time, where it leaves no core idle."""
_IDLE_CORES = 0.9
_WINDOW_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 0.7
"""Between two questions of one who waits; who comes later has worked, or had nothing to ask for."""


class SpareTime:
    """Watches for idle cores, and counts what may be taken besides since a time, in seconds since 1970; else now.

    A core has to be idle for a second in which this process only asked, several times: what was before the first
    question, such as a program's imports, says nothing of its training, and our own work slows the program down, which
    would look as if it left more idle.
    """

    def __init__(self, since: float | None = None) -> None:
        self.since = time.time() if since is None else since
        self._began = self._asked = (-math.inf, 0.0)

    def allows(self, seconds: float) -> bool:
        """Whether this process may work, having taken or being about to take this many seconds of the processor."""
        now = self._look()
        if now[0] - self._asked[0] > _LONGEST_PAUSE_SECONDS:
            self._began = now
        self._asked = now
        return self._is_idle(now) or seconds <= SHARE * (time.time() - self.since)

    def _is_idle(self, now: tuple[float, float]) -> bool:
        elapsed = now[0] - self._began[0]
        if elapsed < _WINDOW_SECONDS:
            return False
        idle = (now[1] - self._began[1]) / elapsed
        self._began = now
        return idle >= _IDLE_CORES

    @staticmethod
    def _look() -> tuple[float, float]:
        """The time, and the seconds that all cores have been idle."""
        found = psutil.cpu_times()
        # Linux alone counts apart what waits for a disk
        return time.monotonic(), found.idle + getattr(found, "iowait", 0.0)
