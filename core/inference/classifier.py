"""A run's network at one epoch, ready to classify."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.array_types import Floats
from core.config.layers import LayerRow
from core.config.network import OtherNetwork
from core.config.run import RunConfig
from core.errors import UnreadableRun
from core.inference.model_network import FILE, ModelNetwork, ModelReader
from core.inference.network_file import NetworkFile
from core.runs.folder import RunFolder
from core.runs.model_file import ModelFile
from core.runs.status import Status
from core.runs.weight_arrays import read_weights

Epoch = Literal["best", "last"] | int

MANY = 64
"""Number of images from which the file with built-in weights is faster."""

BATCH = 250


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """One run's network after one epoch; thread-safe."""

    run_id: str
    epoch: int
    config: RunConfig
    table: list[LayerRow]
    _network: NetworkFile | ModelReader
    """A reader for a network that is not a list of our layers."""
    _whole: NetworkFile | None

    def probabilities(self, images: Floats) -> Floats:
        """Class probabilities float32 (n, classes) for images float32 (n, *image_shape) in 0..1, ink bright."""
        images = self._checked(images)
        if isinstance(self._network, ModelReader):
            found: Floats = np.exp(self._network.log_probabilities(images.reshape(-1, *self.config.data.shape)))
            return found
        network = self._whole if self._whole and len(images) >= MANY else self._network
        output = self.table[-1].layer.name
        batches = [network.layers(images[i : i + BATCH])[output] for i in range(0, len(images), BATCH)]
        return np.concatenate(batches) if batches else np.empty((0, len(self.config.data.classes)), np.float32)

    def activations(self, image: Floats) -> dict[str, Floats]:
        """Each layer's output, float32 without the batch dimension, by name in the order of the layer table.

        The image is float32 of the data's `image_shape` in 0..1, a digit with bright ink.
        Empty for a network that is not a list of our layers.
        """
        return {name: values[0] for name, values in self.layers(image[None]).items()}

    def layers(self, images: Floats) -> dict[str, Floats]:
        """The same for a batch of images float32 (n, *image_shape): each layer's output, float32 (n, ...)."""
        if isinstance(self._network, ModelReader):
            return {}
        outputs = self._network.layers(self._checked(images))
        return {row.layer.name: outputs[row.layer.name] for row in self.table}

    def _checked(self, images: Floats) -> Floats:
        if images.shape[1:] != self.config.data.image_shape:
            raise ValueError(f"an image is {self.config.data.image_shape}, not {images.shape[1:]}")
        return np.ascontiguousarray(images, np.float32)


def load(folder: RunFolder, epoch: Epoch = "best") -> Classifier:
    """A run's network after an epoch (0 is untrained); "best" is the epoch whose model the run keeps.

    Raises UnreadableRun if the folder is damaged, contains a different network, or has no weights of that epoch.
    """
    manifest, status = folder.manifest(), folder.status()
    config, table = manifest.config, manifest.config.layer_table
    if not manifest.has_network:
        raise UnreadableRun("downloads.no_weights")
    if manifest.model is not None and isinstance(config.network, OtherNetwork):
        only = status.best_epoch or status.epoch
        return Classifier(folder.id, only, config, [], _reader(folder, manifest.model), None)
    best = status.best_epoch or status.epoch
    number = {"best": best, "last": status.epoch}[epoch] if isinstance(epoch, str) else epoch
    whole = _whole(folder, status, table) if number == best else None
    try:
        network = _with_weights(folder, number, table)
    except UnreadableRun:
        if whole is None:
            raise
        network = whole
    return Classifier(folder.id, number, config, table, network, whole)


def _reader(folder: RunFolder, model: ModelFile) -> ModelReader:
    return ModelReader(ModelNetwork(folder.path / FILE), model.form, model.outputs)


def _with_weights(folder: RunFolder, epoch: int, table: list[LayerRow]) -> NetworkFile:
    if epoch < 0 or not folder.weights(epoch).exists():
        raise UnreadableRun("inference.no_epoch", epoch=epoch)
    return NetworkFile(folder.path / "network.tflite", table, read_weights(folder.weights(epoch), table))


def _whole(folder: RunFolder, status: Status, table: list[LayerRow]) -> NetworkFile | None:
    """The best epoch's network with built-in weights, if it was written and is readable."""
    # in a resumed run, the best epoch may differ from the one in the file
    if status.state not in ("finished", "stopped"):
        return None
    try:
        return NetworkFile(folder.path / "model.tflite", table)
    except UnreadableRun:
        return None
