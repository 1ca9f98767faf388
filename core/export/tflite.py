"""A run's network after any epoch as `.tflite`, made by a process of its own: it takes TensorFlow."""

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
"""Seconds; a browser waits for three minutes."""
_log = logging.getLogger(__name__)
# each takes half a gigabyte: a class that asks for one at once gets them one after the other
_one_at_a_time = threading.Lock()


def tflite(folder: RunFolder, epoch: int, *, timeout: float = TIMEOUT) -> bytes:
    """The network after an epoch for LiteRT: signature `layers`, `image` float32 (n, 28, 28, 1) to all layers' outputs.

    At once where it is the kept epoch, else within some seconds. Nothing is written into the run's folder. Raises
    UnreadableRun where there are no weights, DigitLabError where the conversion fails.
    """
    weights = weights_of(folder, epoch)
    if (kept := _kept(folder, weights)) is not None:
        return kept
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="digit-lab-") as room:
        return _converted(folder, epoch, Path(room) / "model.tflite", timeout)


def _kept(folder: RunFolder, weights: Path) -> bytes | None:
    """The run's own model.tflite where it has these weights."""
    if folder.status().state not in ("finished", "stopped"):
        return None
    try:
        # a run that was resumed since may keep another epoch by now, so the weights themselves are asked
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
