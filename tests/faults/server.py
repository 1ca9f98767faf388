"""A server without pages, whose worker processes tests can stop and kill."""

import os
import subprocess
import sys
from pathlib import Path

from core.config.run import RunConfig
from core.places import ROOT
from core.queue.queue import Queue
from core.runs.folder import RunFolder
from core.runs.store import RunStore
from tests.core.training.conftest import start, wait_until
from tests.core.training.forking import FORKS, Forked

QUICK = RunConfig(dataset="mnist-5k", validation="last-20", epochs=12)
ENDED = frozenset({"finished", "stopped", "failed", "interrupted"})


class QuickLauncher:
    """Starts the worker without Keras: forked, or fresh for a server that dies before its worker."""

    def __init__(self, *, fresh=not FORKS):
        self.fresh = fresh
        self.environment = {}
        self.logs = True

    def launch(self, folder):
        module, path = "tests.faults.quick_worker", str(folder.path.absolute())
        environment, output = {**os.environ, **self.environment}, folder.log if self.logs else Path(os.devnull)
        if not self.fresh:
            return Forked(module, [path], environment, output)
        with output.open("ab") as log:
            command = [sys.executable, "-m", module, path]
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)


class KerasLauncher:
    """Starts the real worker, forked from a process that has imported TensorFlow."""

    def launch(self, folder):
        return start("core.training", str(folder.path.absolute()))


class Server:
    """A server's queue that ticks only on request; `worker` is the last process it started."""

    def __init__(self, runs_dir, launcher=None):
        self.store = RunStore(runs_dir, runs_dir.parent / "shipped")
        self.launcher = launcher or QuickLauncher()
        self.queue = Queue(self.store, launcher=self)
        self.started = []

    def launch(self, folder):
        self.started.append((folder.id, self.launcher.launch(folder)))
        return self.worker

    def tend(self, *, busy):
        """Does nothing: no process is kept warm."""

    @property
    def worker(self):
        return self.started[-1][1]

    def submit(self, config):
        return RunFolder(self.store.runs_dir / self.queue.submit(config))

    def status(self, folder):
        self.queue.tick()
        return self.store.find(folder.id).status

    def train(self, config, seconds=300):
        """The folder of a run that trained to its end without a fault."""
        folder = self.submit(config)
        self.await_end(folder, seconds)
        return folder

    def await_end(self, folder, seconds=300):
        """Wait until the run and its process have ended."""
        wait_until(lambda: self.status(folder).state in ENDED, seconds)
        self.worker.wait(seconds)
        self.queue.tick()

    def resume(self, folder):
        """Resume a run and wait for its end."""
        self.queue.resume(folder.id)
        self.await_end(folder)

    def begun(self, config, seconds=60):
        """The folder of a new run that is already training."""
        folder = self.submit(config)
        wait_until(lambda: self.status(folder).state == "training", seconds)
        return folder

    def close(self):
        for _, worker in self.started:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
