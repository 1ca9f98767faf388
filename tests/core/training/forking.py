"""Training processes that are forked from one that has imported TensorFlow, which saves each test the import."""

import contextlib
import importlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

FORKS = "forkserver" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
"""Not on Macs, whose frameworks crash in a forked process."""


class Forked:
    """A process that runs `main` of a module, with the part of subprocess.Popen's interface that tests use.

    Its output is appended to `log`, or else kept for `communicate`.
    """

    def __init__(self, module, arguments, environment=os.environ, log=None):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.core.training.with_tensorflow"])
        self._files = [tempfile.NamedTemporaryFile() for _ in range(2)]  # noqa: SIM115 they are read when it has ended
        names = [str(log or file.name) for file in self._files]
        # a daemon, so that it ends with the tests at the latest
        given = (module, arguments, dict(environment), names, os.getpid())
        self._process = context.Process(target=_become, args=given, daemon=True)
        with _bare_main():
            self._process.start()
        self.pid = self._process.pid

    @property
    def returncode(self):
        return self._process.exitcode

    def poll(self):
        return self.returncode

    def wait(self, timeout=None):
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("a forked training", timeout)
        return self.returncode

    def communicate(self, timeout=None):
        self.wait(timeout)
        return tuple(Path(file.name).read_text(encoding="utf-8") for file in self._files)

    def kill(self):
        self._process.kill()


@contextlib.contextmanager
def _bare_main():
    """The process would run the main module first, which is app.py after Streamlit's AppTest."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _become(module, arguments, environment, outputs, parent):
    """Run the requested command with its arguments, environment and output, and exit."""
    # a worker trains only for the process that started it
    os.getppid = lambda: parent
    os.environ.clear()
    os.environ.update(environment)
    for number, name in enumerate(outputs, 1):
        os.dup2(os.open(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT), number)
    if module != "core.training.__main__":
        # what only the worker keeps from being imported
        for name in [name for name, loaded in sys.modules.items() if loaded is None]:
            del sys.modules[name]
    sys.exit(importlib.import_module(module).main(arguments))
