"""How much of the processor the work beside a person's program may take, so that the program hardly notices it."""

import time

import psutil

SHARE = 0.015
"""Of the program's time, where it leaves no core idle."""
_IDLE_CORES = 0.9
_WINDOW_SECONDS = 1.0


class SpareTime:
    """Watches for idle cores, and counts what may be taken besides since a time, in seconds since 1970; else now."""

    def __init__(self, since: float | None = None) -> None:
        self.since = time.time() if since is None else since
        self._idle = 0.0
        self._looked = self._look()

    def allows(self, seconds: float) -> bool:
        """Whether this process may work, having taken or being about to take this many seconds of the processor."""
        now, before = self._look(), self._looked
        if now[0] - before[0] >= _WINDOW_SECONDS:
            self._idle = (now[1] - before[1]) / (now[0] - before[0])
            self._looked = now
        return self._idle >= _IDLE_CORES or seconds <= SHARE * (time.time() - self.since)

    @staticmethod
    def _look() -> tuple[float, float]:
        """The time, and the seconds that all cores have been idle or at work for this process."""
        found = psutil.cpu_times()
        # Linux alone counts apart what waits for a disk
        return time.monotonic(), found.idle + getattr(found, "iowait", 0.0) + time.process_time()
