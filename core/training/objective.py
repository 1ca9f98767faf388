"""What a run minimizes: in Keras for training, and in NumPy for the predictions that are recorded."""

from typing import Any

import keras
import numpy as np

from core.config.run import RunConfig


class OneHotLoss(keras.losses.Loss):
    """A loss that takes vectors of classes, for labels (n,) as numbers."""

    def __init__(self, loss: keras.losses.Loss, classes: int) -> None:
        super().__init__(name=loss.name)
        self._loss, self._classes = loss, classes

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of each image, (n,)."""
        return self._loss.call(keras.ops.one_hot(keras.ops.reshape(y_true, [-1]), self._classes), y_pred)


def training_loss(config: RunConfig) -> str | keras.losses.Loss:
    """The run's loss for Keras, which adds the penalties of the weights."""
    classes = len(config.data.classes)
    match config.loss:
        case "categorical_crossentropy":
            return OneHotLoss(keras.losses.CategoricalCrossentropy(label_smoothing=config.label_smoothing), classes)
        case "mean_squared_error":
            return OneHotLoss(keras.losses.MeanSquaredError(), classes)
        case _:
            return config.loss


def mean_loss(config: RunConfig, log_probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The mean of the run's loss over log-probabilities (n, classes) for labels (n,), without penalties."""
    classes = log_probabilities.shape[1]
    own = log_probabilities[np.arange(len(labels)), labels].astype(np.float64)
    if config.loss == "mean_squared_error":
        differences = np.exp(log_probabilities.astype(np.float64)) - np.eye(classes)[labels]
        return float((differences**2).mean())
    if config.minimizes_cross_entropy:
        return float(-own.mean())
    # each class is wanted with an equal share of the smoothing
    return float(
        -((1 - config.smoothing) * own + config.smoothing * log_probabilities.astype(np.float64).mean(axis=1)).mean()
    )
