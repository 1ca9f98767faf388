"""A network's answers to labeled images, and measures of each image derived from them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.array_types import Bytes, Floats, Indices, Mask


@dataclass(frozen=True, eq=False)
class Answers:
    """Log-probabilities float32 (n, classes) and labels uint8 (n,) of the same images in the same order.

    Raises ValueError if the shapes do not match.
    """

    log_probabilities: Floats
    labels: Bytes

    def __post_init__(self) -> None:
        if self.log_probabilities.ndim != 2 or len(self.log_probabilities) != len(self.labels):
            raise ValueError(f"{len(self.labels)} labels and log-probabilities {self.log_probabilities.shape}")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def classes(self) -> int:
        """The number of classes, whether or not each has images."""
        return self.log_probabilities.shape[1]

    @cached_property
    def predicted(self) -> Bytes:
        """The most probable class, uint8 (n,)."""
        return self.log_probabilities.argmax(axis=1).astype(np.uint8)

    @cached_property
    def probabilities(self) -> Floats:
        """Class probabilities, float32 (n, classes)."""
        return probabilities_of(self.log_probabilities)

    @cached_property
    def confidence(self) -> Floats:
        """Probability of the predicted class, float32 (n,)."""
        return self.probabilities.max(axis=1)

    @cached_property
    def loss(self) -> Floats:
        """Cross-entropy of each image, float32 (n,)."""
        own: Floats = self.log_probabilities[np.arange(len(self)), self.labels]
        return np.float32(0) - own  # avoids -0.0 where the network is certain

    @cached_property
    def margin(self) -> Floats:
        """Probability of the label minus the highest other one, float32 (n,) from -1 to 1; negative for an error."""
        rows = np.arange(len(self))
        others = self.probabilities.copy()
        others[rows, self.labels] = -1
        return self.probabilities[rows, self.labels] - others.max(axis=1)

    @cached_property
    def right(self) -> Mask:
        """Whether the prediction equals the label, bool (n,)."""
        return self.predicted == self.labels

    @cached_property
    def wrong(self) -> Indices:
        """Indices of the misclassified images, ascending."""
        return np.flatnonzero(~self.right)

    @property
    def errors(self) -> int:
        """Number of misclassified images."""
        return len(self.wrong)

    @property
    def accuracy(self) -> float:
        """Share of correct answers; NaN if there are no images."""
        return float(self.right.mean()) if len(self) else float("nan")

    @property
    def mean_loss(self) -> float:
        """Mean cross-entropy; NaN if there are no images."""
        return float(self.loss.mean(dtype=np.float64)) if len(self) else float("nan")


def probabilities_of(log_probabilities: Floats) -> Floats:
    """Probabilities float32 (n, classes), normalized to sum to 1 per row because the stored logarithms are rounded."""
    exponentials = np.exp(log_probabilities)
    return exponentials / exponentials.sum(axis=1, keepdims=True)
