"""The network file and the architecture of an opened run, made by a process of its own: it takes TensorFlow."""

import logging

from core import child_process
from core.errors import DigitLabError
from core.runs.folder import RunFolder

TIMEOUT = 150.0
"""Seconds; TensorFlow's import takes most of the five that it needs."""
_log = logging.getLogger(__name__)


def build_network(folder: RunFolder, *, timeout: float = TIMEOUT) -> None:
    """Write `network.tflite` and `architecture.json` as a training with the run's config does; raises DigitLabError."""
    ended = child_process.run("core.training.build", str(folder.path.absolute()), timeout=timeout)
    if ended.code != 0:
        _log.warning("building the network of %s ended with %s:\n%s", folder.id, ended.code, ended.err[-2_000:])
        raise DigitLabError("bundles.not_built")
