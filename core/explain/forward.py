"""Run many images through a run's network, one batch of layer outputs at a time."""

from collections.abc import Iterator, Mapping

import numpy as np

from core.array_types import Bytes, Floats
from core.config.layers import LayerRow
from core.inference.network_file import NetworkFile
from core.runs.folder import RunFolder
from core.runs.weight_arrays import read_weights

BATCH = 50
"""Digits whose outputs fit the processor's cache; with five times as many, each takes three times as long."""


def table_of(folder: RunFolder) -> list[LayerRow]:
    """The run's layers; raises UnreadableRun."""
    return folder.manifest().config.layer_table


def outputs(folder: RunFolder, epoch: int, images: Bytes) -> Iterator[Mapping[str, Floats]]:
    """Yield every layer's output float32 (up to 50, ...) by name, batch by batch, for images uint8 (n, *image_shape).

    Raises UnreadableRun if the epoch has no weights or the folder is damaged.
    """
    table = table_of(folder)
    network = NetworkFile(folder.path / "network.tflite", table, read_weights(folder.weights(epoch), table))
    for first in range(0, len(images), BATCH):
        yield network.layers(images[first : first + BATCH].astype(np.float32) / np.float32(255))
