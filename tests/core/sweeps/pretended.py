"""A worker without Keras, whose validation loss follows from the settings: in a thread, or as a process of its own.

The loss is lowest at a learning rate of 0.003 and falls with each epoch; above a rate of 1 it becomes NaN.
"""

import contextlib
import math
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from core.errors import UnreadableRun
from core.places import ROOT
from core.runs.folder import EPOCH_COLUMNS, RunFolder
from core.runs.owner import Owner
from core.text import Message


def final_loss(config):
    """The validation loss after the last epoch."""
    return 0.1 + 0.2 * (math.log10(config.learning_rate) - math.log10(0.003)) ** 2 + config.seed / 10**5


def train(folder, pause=0.0, before_epoch=lambda folder: None):  # noqa: ARG005 nothing is waited for
    """Write what a worker writes, each epoch after `pause` seconds and a call of `before_epoch`."""
    config = folder.manifest().config
    owner = Owner.this().beating()
    folder.write_status(replace(folder.status(), state="training", owner=owner))
    if config.learning_rate > 1:
        message = Message("training.not_a_number", epoch=1, batch=2)
        folder.write_status(replace(folder.status(), state="failed", owner=None, exploded=0.5, message=message))
        return
    state, message = "finished", None
    done = len(folder.epochs_csv.read_text().splitlines()) - 1 if folder.epochs_csv.exists() else 0
    if not done:
        folder.epochs_csv.write_text(",".join(EPOCH_COLUMNS) + "\n")
    for epoch in range(done + 1, config.epochs + 1):
        before_epoch(folder)
        time.sleep(pause)
        value = final_loss(config) * (1 + (config.epochs - epoch) / 2)
        with folder.epochs_csv.open("a") as file:
            file.write(f"{epoch},{value:.7g},0.9,{value:.7g},{1 - value:.7g},{config.learning_rate},1\n")
        folder.write_status(replace(folder.status(), epoch=epoch, best_epoch=epoch, seconds=float(epoch)))
        asked = [request.command for request in folder.control.take()]
        while asked[-1:] == ["pause"]:
            folder.write_status(replace(folder.status(), state="paused", owner=owner.beating(), heartbeat=time.time()))
            time.sleep(0.02)
            asked += [request.command for request in folder.control.take()]
        if "stop" in asked:
            state, message = "stopped", Message("training.stopped", epoch=epoch)
            break
    accuracy = 1 - final_loss(config) / 9
    folder.write_status(
        replace(folder.status(), state=state, owner=None, message=message, test_accuracy=accuracy, test_loss=0.1)
    )


class Threads:
    """Launches the worker as a thread, so that a test starts no process; `pause` as in `train`."""

    def __init__(self, pause=0.0):
        self.pause = pause
        self.expected = None
        self.foreseen = []
        """Of each run, whether its settings were the expected ones."""

    def before_epoch(self, folder):
        """As in `train`."""

    def launch(self, folder):
        given = (folder, self.pause, self.before_epoch)
        thread = threading.Thread(target=_train_unless_deleted, args=given, daemon=True)
        thread.start()
        return _Thread(thread)

    def tend(self, *, busy):
        pass

    def expect(self, config):
        self.expected = config

    def close(self):
        pass


class Held(Threads):
    """Its runs begin to train, and finish no epoch until `go` is set."""

    def __init__(self):
        super().__init__()
        self.go = threading.Event()

    def before_epoch(self, folder):  # noqa: ARG002 all runs are alike
        self.go.wait(60)


def _train_unless_deleted(*given):
    with contextlib.suppress(OSError, UnreadableRun):
        train(*given)


class _Thread:
    def __init__(self, thread):
        self.thread = thread

    def poll(self):
        return None if self.thread.is_alive() else 0


class Slots:
    """Room for so many runs at once, whatever the machine has."""

    def __init__(self, count):
        self.count = count

    def has_room(self, run, training):  # noqa: ARG002 all runs are alike
        return self.has_more(training)

    def has_more(self, under_way):
        return len(under_way) < self.count


class Processes(Threads):
    """Launches the worker as a process that can be killed."""

    def launch(self, folder):
        return in_a_process(__file__, folder, self.pause)


def in_a_process(script, folder, *arguments):
    """A process of one of these scripts, which outlives the test's own threads."""
    command = [sys.executable, str(script), str(folder.path), *map(str, arguments)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True)


if __name__ == "__main__":
    train(RunFolder(Path(sys.argv[1])), float(sys.argv[2]))
