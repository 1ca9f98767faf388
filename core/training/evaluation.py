"""The network's predictions, in float32 whatever precision it was trained in."""

from dataclasses import dataclass
from typing import Any, Self

import keras
import numpy as np
import tensorflow as tf

from core.array_types import Bytes
from core.config.run import RunConfig
from core.data.datasets import Dataset, Split
from core.training.images import scaled_images
from core.training.normalization import take_statistics
from core.training.objective import mean_loss

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Score:
    """Mean loss, with the penalties of the weights as in Keras, and accuracy."""

    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Images uint8 (n, *image_shape) and labels that the network is evaluated on, by part."""

    images: dict[str, np.ndarray]
    labels: dict[str, np.ndarray]
    validating: str | None
    """The part used for validation, if any."""

    @classmethod
    def of(cls, data: Dataset, parts: Split, validation: str) -> Self:
        """The test images of a data set, and those that a run with this setting validates on."""
        images, labels = {"test": data.test_images}, {"test": data.test_labels}
        if validation == "last-20":
            images["validation"], labels["validation"] = parts.validation_images, parts.validation_labels
        return cls(images, labels, {"last-20": "validation", "test": "test"}.get(validation))


class Evaluator:
    """Predicts with a float32 copy of the network; images uint8 (n, *image_shape).

    `statistics_sample`, uint8 (n, *image_shape), is for networks whose batch statistics must be taken anew.
    """

    def __init__(self, network: keras.Model, statistics_sample: Bytes | None = None) -> None:
        self.network = network
        self._statistics_sample = statistics_sample
        self._before_output = keras.Model(network.inputs, network.layers[-1].input)
        height, width, channels = network.input_shape[1:]
        stored = (None, height, width) if channels == 1 else (None, height, width, channels)
        self._forward = tf.function(self._answer, input_signature=[tf.TensorSpec(stored, tf.uint8)], autograph=False)

    def log_probabilities(self, images: Any) -> np.ndarray:
        """Natural logarithms of the class probabilities, float32 (n, classes)."""
        batches = [self._forward(images[i : i + BATCH]).numpy() for i in range(0, len(images), BATCH)]
        return np.concatenate(batches)

    def answers(self, held_out: HeldOut) -> dict[str, np.ndarray]:
        """Log-probabilities (n, classes) by part, after the network's statistics were taken."""
        if self._statistics_sample is not None:
            take_statistics(self.network, self._statistics_sample)
        return {part: self.log_probabilities(images) for part, images in held_out.images.items()}

    def penalty(self) -> float:
        """What the current weights add to the loss by l1 and l2."""
        return float(sum(float(penalty) for penalty in self.network.losses))

    def _answer(self, images: tf.Tensor) -> tf.Tensor:
        output = self.network.layers[-1]
        scaled = scaled_images(images)
        features = self._before_output(scaled, training=False)
        # from the logits: the logarithm keeps precision where the probability rounds to 1
        return tf.nn.log_softmax(features @ output.kernel + output.bias)


def score(config: RunConfig, log_probabilities: np.ndarray, labels: np.ndarray, penalty: float = 0.0) -> Score:
    """The run's loss and accuracy of log-probabilities (n, classes) against labels (n,)."""
    right = log_probabilities.argmax(axis=1) == labels
    return Score(mean_loss(config, log_probabilities, labels) + penalty, float(right.mean()))
