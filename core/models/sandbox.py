"""Opens a stranger's weights and network in a separate process first: `python -m core.models.sandbox RUN_FOLDER`.

HDF5 and LiteRT are large C libraries. If a file crashes one, only this process ends. It may write no file, and its
memory and time are limited.
"""

import contextlib
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from core import child_process
from core.config.layers import LayerRow
from core.config.network import OtherNetwork
from core.errors import UnreadableRun
from core.inference.model_network import FILE, ModelNetwork, ModelReader
from core.inference.network_file import NetworkFile
from core.models.check_hdf5 import check_plain
from core.models.operators import check_growth, check_model, check_operators
from core.runs.folder import RunFolder
from core.runs.weight_arrays import places, read_weights
from core.runs.weights import weighted_epochs
from core.text import Message

TIMEOUT = 120.0
"""Seconds for all files of a run; a thousand epochs of a small network take 15."""

ROOM = 2**30
"""Bytes of memory in addition to the weights; Python with both libraries takes an eighth of it."""

NETWORK = "network.tflite"
REFUSED = 3
ALONE = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "HDF5_PLUGIN_PRELOAD": "::",
    "HDF5_USE_FILE_LOCKING": "FALSE",
}
"""One thread, and no HDF5 filters but its own."""
_log = logging.getLogger(__name__)


def try_out(folder: RunFolder, *, timeout: float = TIMEOUT) -> None:
    """Open every weights file, and run the network file if there is one on two images, in another process.

    Raises UnreadableRun, with the file's name, if a file does not fit the run's config, asks for more than a network
    needs, takes too long, or crashes the process.
    """
    ended = child_process.run("core.models.sandbox", str(folder.path.absolute()), timeout=timeout, changes=ALONE)
    if ended.code == 0:
        return
    # the last line is the message, or else the file that was opened last
    last = (ended.out.splitlines() or ["run.json"])[-1]
    if ended.code == REFUSED:
        raise UnreadableRun(refusal(last))
    _log.warning("the trial of %s ended with %s:\n%s", folder.id, ended.code, ended.err[-2_000:])
    raise UnreadableRun("bundles.too_slow" if ended.code is None else "bundles.crashed", file=last)


def refusal(line: str) -> Message:
    """What the other process printed last; a crafted file may have taken it over, so this may be anything."""
    with contextlib.suppress(ValueError, RecursionError):
        if refusal := Message.from_json(json.loads(line)):
            return refusal
    return Message("bundles.crashed", file="checkpoints")


def main(arguments: Sequence[str] | None = None) -> int:
    """Name each file and open it; 0 where all are sound, else 3 with a message as the last line."""
    (path,) = sys.argv[1:] if arguments is None else arguments
    folder = RunFolder(Path(path))
    try:
        manifest = folder.manifest()
        if not manifest.has_network and weighted_epochs(folder):
            raise UnreadableRun("bundles.foreign_weights", file=folder.weights(weighted_epochs(folder)[0]).name)
        table = manifest.config.layer_table
        confine(sum(row.parameters for row in table))
        for name in _checked(folder, table):
            print(name, flush=True)
    except UnreadableRun as error:
        print(json.dumps(error.message.to_json()), flush=True)
        return REFUSED
    return 0


def _checked(folder: RunFolder, table: list[LayerRow]) -> Iterator[str]:
    """The name of each file before it is opened."""
    network = folder.path / NETWORK
    manifest = folder.manifest()
    if not manifest.has_network:
        return
    if manifest.model is not None and isinstance(manifest.config.network, OtherNetwork):
        yield FILE
        check_model(folder.path / FILE)
        blank = np.zeros((2, *manifest.config.data.shape), np.float32)
        reader = ModelReader(ModelNetwork(folder.path / FILE), manifest.model.form, manifest.model.outputs)
        if reader.log_probabilities(blank).shape != (2, len(manifest.config.data.classes)):
            raise UnreadableRun("inference.another_network", file=FILE)
        return
    most = max(int(np.prod(shape)) for _, shape in places(table))
    for epoch in weighted_epochs(folder):
        path = folder.weights(epoch)
        yield f"{path.parent.name}/{path.name}"
        check_plain(path, most)
        read_weights(path, table)
    if network.is_file():
        yield NETWORK
        check_operators(network)
        random = np.random.default_rng(1)
        weights = [random.normal(0, 0.1, shape).astype(np.float32) for _, shape in places(table)]
        # anything harmful that passed the first check fails in one of the next calls
        answers = NetworkFile(network, table, weights).layers(random.random((2, *table[0].input_shape), np.float32))
        if any(len(values) != 2 for values in answers.values()):
            raise UnreadableRun("inference.another_network", file=NETWORK)
        check_growth(network)


def confine(parameters: int, *, writes: int = 0, seconds: float = TIMEOUT, mapped: int = 0) -> None:
    """Limit the memory and time of this process from now on; it may write files of `writes` bytes, by default none.

    `mapped` bytes of memory are for files that it maps.
    """
    try:
        import resource
    except ImportError:
        # Windows has no such limits; the timeout of `try_out` still holds
        return
    room = ROOM + 40 * parameters + mapped
    limits = ((resource.RLIMIT_AS, room), (resource.RLIMIT_CPU, int(seconds)), (resource.RLIMIT_FSIZE, writes))
    for kind, most in (*limits, (resource.RLIMIT_CORE, 0)):
        # a system may define a limit and not support it
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(main())
