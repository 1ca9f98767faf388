"""Starts training processes, and keeps one ready so that Start need not wait for TensorFlow's import."""

import contextlib
import json
import subprocess
import time
from typing import IO, Protocol

import psutil

from core import child_process
from core.config.run import RunConfig
from core.queue.room import threads_each
from core.runs.folder import RunFolder
from core.server.limits import Settings

ENOUGH_BYTES = 3 * 2**30
"""Start a process ahead of a run only with this much memory free; it takes about 0.7 GB itself."""
SCARCE_BYTES = 2**30
"""End the ready process when less memory than this is free."""
SETTLING_SECONDS = 3.0
"""Leave the first page this long before the import takes a core."""
STEADY_SECONDS = 1.0
"""Prepare for settings that have not changed for so long, since a process that prepares cannot begin a run."""
_LONGEST_LINE, _MOST_TOLD = 2048, 8
"""Bytes, and lines for one process: a pipe holds that many without being read, so that telling never waits."""
_THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


class Worker(Protocol):
    """The part of subprocess.Popen that the queue needs."""

    def poll(self) -> int | None: ...

    def kill(self) -> None: ...


class Starter(Protocol):
    """What a queue needs of its launcher."""

    def launch(self, folder: RunFolder) -> Worker: ...

    def tend(self, *, busy: bool) -> None: ...

    def expect(self, config: RunConfig) -> None: ...

    def close(self) -> None: ...


class Launcher:
    """Starts `python -m core.training` for a run; `tend` keeps one such process ready if the settings allow it,
    prepared for the run that `expect` was last told."""

    def __init__(
        self, settings: Settings | None = None, *, settling: float | None = None, steady: float | None = None
    ) -> None:
        """`settling` and `steady` replace SETTLING_SECONDS and STEADY_SECONDS."""
        self._steady = steady
        self._settings = settings or Settings()
        self._idle: subprocess.Popen[bytes] | None = None
        self._expected: tuple[RunConfig, float] | None = None
        self._told: list[RunConfig] = []
        self._settled = time.monotonic() + (SETTLING_SECONDS if settling is None else settling)

    def launch(self, folder: RunFolder) -> Worker:
        """Return the process that trains this run; raises OSError where none can be started."""
        # whether this run was expected or not, another one comes next
        self._expected = None
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
            self._told = []
        if self._idle is not None and not busy:
            self._tell(self._idle)

    def expect(self, config: RunConfig) -> None:
        """Note the settings of the run that will probably come next, for which the ready process then prepares."""
        if self._expected is None or self._expected[0] != config:
            self._expected = config, time.monotonic()

    def _tell(self, idle: subprocess.Popen[bytes]) -> None:
        """Tell the ready process the expected settings once they have not changed for a while."""
        if self._expected is None or idle.stdin is None:
            return
        config, since = self._expected
        line = f"{json.dumps(config.to_json())}\n".encode()
        steady = STEADY_SECONDS if self._steady is None else self._steady
        if [config] == self._told[-1:] or time.monotonic() - since < steady or len(line) > _LONGEST_LINE:
            return
        if len(self._told) == _MOST_TOLD:
            # the next one is told only what is expected by then
            self.close()
            return
        self._told.append(config)
        # it may have died since
        with contextlib.suppress(OSError):
            idle.stdin.write(line)
            idle.stdin.flush()

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
