"""Evaluates the network on held-out images after every epoch."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.files import replacing
from core.runs.folder import RunFolder
from core.runs.predictions import compact
from core.training.evaluation import Evaluator, HeldOut, Score, score


class Evaluating(keras.callbacks.Callback):
    """Writes the epoch's weights and predictions, and adds val_loss and val_accuracy to its logs.

    Comes directly after SwapEMAWeights, so that later callbacks see these logs as if Keras had validated. Keras's own
    validation would use the training precision and compute the predictions twice.
    """

    def __init__(self, folder: RunFolder, evaluator: Evaluator, held_out: HeldOut) -> None:
        super().__init__()
        self.test_scores: dict[int, Score] = {}
        """Of the epochs that were evaluated since the start, by their number."""
        self._folder, self._config = folder, folder.manifest().config
        self._evaluator = evaluator
        self._held_out = held_out

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.take_weights()
        predictions, part = self.keep(epoch + 1), self._held_out.validating
        self.test_scores[epoch + 1] = self._score(predictions, "test")
        if logs is not None and part is not None:
            result = self._score(predictions, part)
            logs |= {"val_loss": result.loss, "val_accuracy": result.accuracy}

    def take_weights(self) -> None:
        """Copy the current weights for a later `keep`."""
        self._evaluator.network.set_weights(self.model.get_weights())

    def keep(self, epoch: int, predictions: dict[str, np.ndarray] | None = None) -> dict[str, np.ndarray]:
        """Write the copied weights as this epoch's, 0 for the untrained network; returns their predictions by part.

        `predictions` are used if they are known already.
        """
        if predictions is None:
            predictions = self._evaluator.answers(self._held_out)
        _write(self._folder.weights(epoch), self._evaluator.network.save_weights)
        _write_arrays(self._folder.predictions(epoch), {k: compact(v) for k, v in predictions.items()})
        return predictions

    def keep_labels(self) -> None:
        """Write the true classes of the held-out digits, so that results can be shown without the data set."""
        _write_arrays(self._folder.labels, self._held_out.labels)

    def _score(self, predictions: dict[str, np.ndarray], part: str) -> Score:
        return score(self._config, predictions[part], self._held_out.labels[part], self._evaluator.penalty())


def _write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    _write(path, lambda draft: np.savez_compressed(draft, allow_pickle=False, **arrays))


def _write(path: Path, write: Callable[[Any], Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    with replacing(path) as draft:
        write(draft)
