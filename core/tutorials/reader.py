"""Has tutorials read in processes of their own; one is ready, so that a person need not wait for its imports."""

import contextlib
import json
import logging
import subprocess
import threading

from core import child_process
from core.errors import DigitLabError
from core.text import Message
from core.tutorials.sandbox import REFUSED, TIMEOUT, Reading

MODULE = "core.tutorials.sandbox"
IDLE_SECONDS = 600.0
"""A ready process that nobody used for so long is ended; it takes 60 MB."""
_log = logging.getLogger(__name__)


class Reader:
    """Reads tutorials for all visitors; each process reads one and ends."""

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._ready: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None

    def prepare(self) -> None:
        """Have a process ready for the next tutorial; raises OSError where none can be started."""
        with self._lock:
            if self._ready is not None and self._ready.poll() is None:
                return
            self._ready = child_process.start(MODULE)
            self._timer = threading.Timer(self._idle_seconds, self.close)
            self._timer.daemon = True
            self._timer.start()

    def read(self, content: bytes, *, timeout: float = TIMEOUT) -> Reading:
        """Read a tutorial; raises DigitLabError if it cannot be read, or takes longer than `timeout` seconds."""
        process = self._taken() or child_process.start(MODULE)
        ended = child_process.finish(process, timeout=timeout, given=content)
        if ended.code == 0:
            return Reading.from_json(json.loads(ended.out))
        if ended.code == REFUSED:
            with contextlib.suppress(ValueError):
                if refusal := Message.from_json(json.loads(ended.out)):
                    raise DigitLabError(refusal)
        _log.warning("reading a tutorial ended with %s:\n%s", ended.code, ended.err[-2_000:])
        raise DigitLabError("tutorials.too_slow" if ended.code is None else "tutorials.gave_up")

    def close(self) -> None:
        """End the ready process, if any."""
        process = self._taken()
        if process is not None:
            process.kill()
            child_process.finish(process, timeout=5)

    def _taken(self) -> subprocess.Popen[bytes] | None:
        """The ready process, which is nobody else's from now on."""
        with self._lock:
            process, self._ready = self._ready, None
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        return process if process is not None and process.poll() is None else None
