"""The loss of every batch, even of those that run in one execution."""

import numpy as np
import tensorflow as tf

from core.training.observed_network import ObservedNetwork, Update


class BatchLosses:
    """Keeps the losses of a network's last `count` batches."""

    def __init__(self, network: ObservedNetwork, count: int) -> None:
        self._count = count
        self._iterations = network.optimizer.iterations
        self._losses = tf.Variable(tf.zeros(count), trainable=False)
        network.observe(self)

    def before(self, number: tf.Tensor, images: tf.Tensor, labels: tf.Tensor) -> None:
        """Do nothing: the loss comes with the update."""

    def after(self, update: Update, before: None) -> None:  # noqa: ARG002 the protocol's signature
        """Overwrite the oldest loss."""
        place = update.number % self._count
        self._losses.scatter_update(tf.IndexedSlices(update.loss[None], place[None]))

    def last(self, batches: int) -> np.ndarray:
        """The losses of the last batches in order, float32 (batches,); at most `count`."""
        done = int(self._iterations)
        return self._losses.numpy()[np.arange(done - batches, done) % self._count]
