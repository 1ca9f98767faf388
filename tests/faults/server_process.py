"""A server without pages as a separate process that can be killed; it trains the queued runs of a folder."""

import os
import signal
import sys
import threading
from pathlib import Path

from core.queue.queue import Queue
from core.runs.store import RunStore
from tests.faults.server import QuickLauncher


class DyingLauncher(QuickLauncher):
    """Kills its server before or after it starts a worker."""

    def launch(self, folder):
        if sys.argv[2] == "after":
            super().launch(folder)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    runs_dir = Path(sys.argv[1])
    launcher = (DyingLauncher if sys.argv[2] else QuickLauncher)(fresh=True)
    Queue(RunStore(runs_dir, runs_dir.parent / "shipped"), launcher=launcher).watch(interval=0.02)
    print("ready", flush=True)
    threading.Event().wait()
