"""A simulated training run that pages can watch."""

import threading
import time
from dataclasses import replace

from core.config.presets import PRESETS
from core.runs.folder import BATCH_COLUMNS, RunFolder
from core.runs.owner import Owner
from core.runs.status import Status

WINDOW_SECONDS = 0.2


class StubTraining:
    """Writes batches and status as a training run does, from a thread of this process.

    It begins once `go` is set; after `most` points it only updates its heartbeat.
    """

    def __init__(self, runs_dir, *, most=None):
        config = PRESETS["lenet-20-50"].replace(dataset="mnist-5k", epochs=1000)
        status = Status(state="training", owner=Owner.this().beating(), heartbeat=time.time(), learning_rate=0.001)
        self.folder = RunFolder.create(runs_dir, config, status)
        self.points, self.go = 0, threading.Event()
        self._most, self._updates = most, config.updates_per_epoch
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._train, daemon=True)

    def __enter__(self):
        self.folder.batches_csv.write_text(",".join(BATCH_COLUMNS) + "\n")
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._ended.set()
        self._thread.join()

    def place(self, point):
        """The x coordinate of a point in epochs, as the page sends it."""
        epoch, batch = divmod(point, self._updates)
        return float(f"{epoch + (batch + 1) / self._updates:.6g}")

    def _train(self):
        while not self._ended.wait(WINDOW_SECONDS):
            now = replace(self.folder.status(), owner=Owner.this().beating(), heartbeat=time.time())
            if self.go.is_set() and self.points != self._most:
                epoch, batch = divmod(self.points, self._updates)
                with self.folder.batches_csv.open("a") as file:
                    file.write(f"{epoch + 1},{batch + 1},{1 / (self.points + 1):.7g},0.9,1600\n")
                self.points += 1
                now = replace(now, epoch=epoch, batch=batch + 1, images_per_second=1600.0)
            self.folder.write_status(now)
