"""Export a run's network after any epoch as `.tflite`, in a separate process because it needs TensorFlow."""

import filecmp
import logging
import tempfile
import threading
from pathlib import Path

from core import child_process
from core.errors import DigitLabError
from core.runs.folder import RunFolder
from core.runs.weights import weights_of

TIMEOUT = 150.0
"""Seconds; browsers wait three minutes."""
_log = logging.getLogger(__name__)
# each conversion takes half a gigabyte, so concurrent requests are served one after another
_one_at_a_time = threading.Lock()


def tflite(folder: RunFolder, epoch: int, *, timeout: float = TIMEOUT) -> bytes:
    """The network after an epoch for LiteRT: signature `layers`, from `image` float32 (n, h, w, c) to all outputs.

    Immediate for the best epoch, otherwise some seconds. Writes nothing to the run's folder. Raises UnreadableRun if
    there are no weights, DigitLabError if the conversion fails.
    """
    weights = weights_of(folder, epoch)
    if (kept := _kept(folder, weights)) is not None:
        return kept
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="digit-lab-") as room:
        return _converted(folder, epoch, Path(room) / "model.tflite", timeout)


def _kept(folder: RunFolder, weights: Path) -> bytes | None:
    """The run's own model.tflite if it has these weights."""
    if folder.status().state not in ("finished", "stopped"):
        return None
    try:
        # compares the weights themselves, because resuming a run can change its best epoch
        same = filecmp.cmp(folder.path / "model.weights.h5", weights, shallow=False)
        return (folder.path / "model.tflite").read_bytes() if same else None
    except OSError:
        return None


def _converted(folder: RunFolder, epoch: int, target: Path, timeout: float) -> bytes:
    arguments = str(folder.path.absolute()), str(epoch), str(target)
    try:
        ended = child_process.run("core.training.convert", *arguments, timeout=timeout)
        if ended.code == 0:
            return target.read_bytes()
    except OSError as error:
        ended = child_process.Ended(1, "", str(error))
    if ended.code is None:
        raise DigitLabError("downloads.conversion_slow", epoch=epoch)
    _log.warning("conversion of %s, epoch %d, ended with %d:\n%s", folder.id, epoch, ended.code, ended.err)
    raise DigitLabError("downloads.conversion_failed", epoch=epoch)
