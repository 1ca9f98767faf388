"""A worker without a network that writes what a run of `mlp-512` writes: `python -m benchmarks.stub_training FOLDER`.

On the Python path of nodes, `benchmarks/stub_path` has them start it in place of the real one.
"""

import os
import sys
import time
from pathlib import Path

from core.files import replacing
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.reporter import Reporter

SECONDS = "STUB_SECONDS"
"""The variable with the seconds that a run takes."""
_EPOCHS, _WINDOWS_PER_SECOND = 5, 5
_WEIGHTS, _STATE, _ANSWERS = 1_650_000, 3_280_000, 210_000
"""Bytes of an epoch of `mlp-512` on MNIST."""


def main() -> None:
    """Train nothing, for some time."""
    folder, seconds = RunFolder(Path(sys.argv[-1])), float(os.environ.get(SECONDS, "10"))
    for name in ("checkpoints", "predictions"):
        (folder.path / name).mkdir(exist_ok=True)
    for path, columns in ((folder.epochs_csv, EPOCH_COLUMNS), (folder.batches_csv, BATCH_COLUMNS)):
        path.write_text(",".join(columns) + "\n", encoding="utf-8")
    with Reporter(folder) as reporter:
        reporter.change(state="training")
        windows = max(1, round(seconds * _WINDOWS_PER_SECOND / _EPOCHS))
        for epoch in range(1, _EPOCHS + 1):
            for window in range(windows):
                time.sleep(1 / _WINDOWS_PER_SECOND)
                with folder.batches_csv.open("a", encoding="utf-8") as file:
                    file.write(f"{epoch},{window},0.5,0.9,9000,0.001\n")
                reporter.change(batch=window)
            _finish(folder, epoch)
            reporter.change(epoch=epoch, batch=0)
        reporter.end("finished", test_accuracy=0.98, test_loss=0.1)


def _finish(folder: RunFolder, epoch: int) -> None:
    sizes = {folder.weights(epoch): _WEIGHTS, folder.state(epoch): _STATE, folder.predictions(epoch): _ANSWERS}
    for path, size in sizes.items():
        with replacing(path) as draft:
            draft.write_bytes(os.urandom(size))
    folder.state(epoch - 1).unlink(missing_ok=True)
    with folder.epochs_csv.open("a", encoding="utf-8") as file:
        file.write(f"{epoch},0.5,0.9,,,0.001,1\n")


if __name__ == "__main__":
    main()
