"""Run our modules in child processes that find `core` and resolve relative paths in the same way."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.places import ROOT

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ended:
    """A finished process: its exit code, None after a timeout, and its output."""

    code: int | None
    out: str
    err: str


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs one of our modules; start it with `environment()` in the current folder."""
    return [sys.executable, "-m", module, *arguments]


def environment(changes: Mapping[str, str] = _NOTHING) -> dict[str, str]:
    """The environment of a child process, with these changes."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    # the safe path ignores a `core` or `numpy.py` in the folder where the server was started
    return {**os.environ, **changes, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def lower_priority(by: int = 10) -> None:
    """Let other processes, above all a training, go before this one; by 19, it takes a hundredth of a busy core."""
    # Windows has no such call
    if hasattr(os, "nice"):
        os.nice(by)


def run(
    module: str, *arguments: str, timeout: float, changes: Mapping[str, str] = _NOTHING, given: bytes = b""
) -> Ended:
    """Run one of our modules with this input and wait until it ends, or kill it after `timeout` seconds.

    Raises OSError.
    """
    return finish(start(module, *arguments, changes=changes), timeout=timeout, given=given)


def start(module: str, *arguments: str, changes: Mapping[str, str] = _NOTHING) -> subprocess.Popen[bytes]:
    """A process of one of our modules that waits for its input; raises OSError."""
    return subprocess.Popen(
        command(module, *arguments),
        env=environment({"PYTHONIOENCODING": "utf-8", **changes}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes], *, timeout: float, given: bytes = b"") -> Ended:
    """Give a process that was started its input and wait until it ends, or kill it after `timeout` seconds."""
    with process:
        try:
            out, err = process.communicate(given, timeout)
            code: int | None = process.returncode
        except subprocess.TimeoutExpired as error:
            process.kill()
            code, out, err = None, error.stdout or b"", error.stderr or b""
        except BaseException:
            process.kill()
            raise
    return Ended(code, out.decode("utf-8", errors="replace"), err.decode("utf-8", errors="replace"))


def follow(module: str, *arguments: str, timeout: float, on_line: Callable[[str], object]) -> Ended:
    """As `run`; `on_line` gets each line of the output as it comes."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command(module, *arguments),
            env=environment({"PYTHONIOENCODING": "utf-8"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(timeout, end)
        timer.daemon = True
        timer.start()
        lines = list[str]()
        try:
            with process:
                for written in process.stdout or ():
                    lines.append(written.decode("utf-8", errors="replace").rstrip("\r\n"))
                    on_line(lines[-1])
        except BaseException:
            process.kill()
            raise
        finally:
            timer.cancel()
        errors.seek(0)
        code = None if late.is_set() else process.returncode
        return Ended(code, "\n".join(lines), errors.read().decode("utf-8", errors="replace"))
