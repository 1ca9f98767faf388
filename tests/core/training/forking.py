"""Training processes that are forked from one that has imported TensorFlow, which saves each test the import."""

import importlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FORKS = "forkserver" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
"""Not on Macs, whose frameworks crash in a forked process."""


class Forked:
    """A process that runs `main` of a module, with the part of subprocess.Popen's interface that tests use."""

    def __init__(self, module, arguments):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.core.training.with_tensorflow"])
        self._files = [tempfile.NamedTemporaryFile() for _ in range(2)]  # noqa: SIM115 they are read when it has ended
        names = [file.name for file in self._files]
        # a daemon, so that it ends with the tests at the latest
        given = (module, arguments, dict(os.environ), names, os.getpid())
        self._process = context.Process(target=_become, args=given, daemon=True)
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


def _become(module, arguments, environment, outputs, parent):
    """Run the requested command with its arguments, environment and output, and exit."""
    # a worker trains only for the process that started it
    os.getppid = lambda: parent
    os.environ.clear()
    os.environ.update(environment)
    for number, name in enumerate(outputs, 1):
        os.dup2(os.open(name, os.O_WRONLY), number)
    if module != "core.training.__main__":
        # what only the worker keeps from being imported
        for name in [name for name, loaded in sys.modules.items() if loaded is None]:
            del sys.modules[name]
    sys.exit(importlib.import_module(module).main(arguments))
