"""Starts training processes, and keeps one ready so that Start need not wait for TensorFlow's import."""

import subprocess
import time
from typing import IO, Protocol

import psutil

from core import child_process
from core.queue.room import threads_each
from core.runs.folder import RunFolder
from core.server.limits import Settings

ENOUGH_BYTES = 3 * 2**30
"""Start a process ahead of a run only with this much memory free; it takes about 0.6 GB itself."""
SCARCE_BYTES = 2**30
"""End the ready process when less memory than this is free."""
SETTLING_SECONDS = 5.0
"""Leave the first page this long before the import takes a core."""
_THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


class Worker(Protocol):
    """The part of subprocess.Popen that the queue needs."""

    def poll(self) -> int | None: ...

    def kill(self) -> None: ...


class Starter(Protocol):
    """What a queue needs of its launcher."""

    def launch(self, folder: RunFolder) -> Worker: ...

    def tend(self, *, busy: bool) -> None: ...

    def close(self) -> None: ...


class Launcher:
    """Starts `python -m core.training` for a run; `tend` keeps one such process ready if the settings allow it."""

    def __init__(self, settings: Settings | None = None, *, settling: float | None = None) -> None:
        self._settings = settings or Settings()
        self._idle: subprocess.Popen[bytes] | None = None
        self._settled = time.monotonic() + (SETTLING_SECONDS if settling is None else settling)

    def launch(self, folder: RunFolder) -> Worker:
        """Return the process that trains this run; raises OSError where none can be started."""
        idle, self._idle = self._idle, None
        if idle is not None and idle.poll() is None and idle.stdin is not None:
            try:
                idle.stdin.write(f"{folder.path.absolute()}\n".encode())
                idle.stdin.close()
            except OSError:
                idle.kill()
            else:
                return idle
        with folder.log.open("ab") as log:
            return self._start(str(folder.path.absolute()), stdin=subprocess.DEVNULL, output=log)

    def tend(self, *, busy: bool) -> None:
        """Start the ready process unless busy, with plenty of memory; end it when memory is scarce."""
        free = psutil.virtual_memory().available
        if self._idle is not None and (self._idle.poll() is not None or free < SCARCE_BYTES):
            self.close()
        settled = time.monotonic() > self._settled
        if self._settings.warm_worker and settled and self._idle is None and not busy and free > ENOUGH_BYTES:
            self._idle = self._start("--wait", stdin=subprocess.PIPE, output=subprocess.DEVNULL)

    def close(self) -> None:
        """End the ready process, if any."""
        if self._idle is not None:
            self._idle.kill()
            self._idle.wait()
            self._idle = None

    def _start(self, argument: str, *, stdin: int, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            child_process.command("core.training", argument),
            env=child_process.environment(thread_variables(threads_each(self._settings))),
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            # so that the run survives the server and Ctrl-C in its terminal
            start_new_session=True,
        )


def thread_variables(threads: int) -> dict[str, str]:
    """The environment for a training with this many threads; 0 lets TensorFlow choose."""
    return dict.fromkeys(_THREADS, str(threads)) if threads else {}
