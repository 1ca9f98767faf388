"""Records the first updates of a run."""

import contextlib
import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.runs.first_updates import IMAGES, UPDATES, Steps, write_steps
from core.runs.folder import RunFolder
from core.training.observed_network import ObservedNetwork, Update
from core.training.watched_weights import WatchedWeights

_FIGURES = 5
"""For each update: three losses, the size of the batch and the learning rate."""


class Stepping(keras.callbacks.Callback):
    """Writes `steps.npz` after the first updates, or at the end of an epoch with fewer.

    `places` are the indices of the first batches' images among the training images; the images themselves are stored
    only if they were augmented.
    """

    def __init__(self, *, seed: int, places: Sequence[np.ndarray], augmented: bool) -> None:
        super().__init__()
        self._places = places
        self._augmented = augmented
        self._seed = seed
        self._written = UPDATES

    def write_to(self, folder: RunFolder) -> None:
        """Name the run's folder; call it before the training."""
        self._folder = folder

    def watch(self, network: ObservedNetwork) -> None:
        """Observe the first updates of a compiled network whose optimizer is built."""
        self._written = 0
        self._weights = WatchedWeights(network, self._seed)
        self._first_weights, self._first_states = self._weights.values().numpy(), self._weights.states().numpy()
        width = _FIGURES + (2 + len(self._weights.slots)) * len(self._weights)
        self._numbers = tf.Variable(tf.zeros((UPDATES, width)), trainable=False)
        self._shape = network.input_shape[1:]
        size = math.prod(self._shape) + 1
        self._digits = tf.Variable(tf.zeros((UPDATES, IMAGES, size), tf.uint8), trainable=False)

        # a tf.function is traced once although called twice, which shortens the wait for the first batch
        @tf.function(autograph=False, reduce_retracing=True)
        def loss_without_dropout(images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
            return tf.cast(network.compute_loss(images, labels, network(images, training=False)), tf.float32)

        self._loss = loss_without_dropout
        network.observe(self)

    def before(self, number: tf.Tensor, images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """The loss of one of the first batches, without dropout, before its update."""
        return tf.cond(number < UPDATES, lambda: self._loss(images, labels), lambda: 0.0)

    def after(self, update: Update, before: tf.Tensor) -> None:
        """Record one of the first updates."""
        tf.cond(update.number < UPDATES, lambda: self._keep(update, before), lambda: tf.constant(False))

    def _keep(self, update: Update, before: tf.Tensor) -> tf.Tensor:
        number, images, labels, loss, gradients, rate = update
        size = tf.cast(tf.shape(images)[0], tf.float32)
        figures = tf.stack([loss, before, self._loss(images, labels), size, rate])
        weights = self._weights
        values = [figures, weights.values(), weights.gradients(gradients), tf.reshape(weights.states(), [-1])]
        pixels = tf.cast(tf.round(images[:IMAGES] * 255), tf.uint8)
        flat = tf.reshape(pixels, [-1, math.prod(self._shape)])
        digits = tf.concat([flat, tf.cast(labels[:IMAGES, None], tf.uint8)], 1)
        digits = tf.pad(digits, [[0, IMAGES - tf.shape(digits)[0]], [0, 0]])
        self._numbers.scatter_update(tf.IndexedSlices(tf.concat(values, 0)[None], number[None]))
        self._digits.scatter_update(tf.IndexedSlices(digits[None], number[None]))
        return tf.constant(True)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        if self._written < UPDATES <= int(self.model.optimizer.iterations):
            self._write()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002 Keras's signature
        if self._written < min(UPDATES, int(self.model.optimizer.iterations)):
            self._write()

    def _write(self) -> None:
        count = self._written = min(UPDATES, int(self.model.optimizer.iterations))
        # a missing record must not fail the run
        with contextlib.suppress(OSError):
            write_steps(self._folder, self._steps(self._numbers.numpy()[:count], self._digits.numpy()[:count]))

    def _steps(self, numbers: np.ndarray, digits: np.ndarray) -> Steps:
        count, slots = len(numbers), self._weights.slots
        loss, before, after, sizes, rates = numbers[:, :_FIGURES].T
        weights, gradients, *states = np.split(numbers[:, _FIGURES:], 2 + len(slots), axis=1)
        memory = np.stack(states, axis=1) if states else self._first_states[None].repeat(count, axis=0)
        chosen, watched = self._weights.strongest(gradients)
        shown = digits[:, : int(min(IMAGES, sizes.min()))]
        shape = self._shape if self._shape[-1] > 1 else self._shape[:-1]
        images = shown[..., :-1].reshape(*shown.shape[:2], *shape)
        return Steps(
            loss=loss,
            before=before,
            after=after,
            sizes=sizes.astype(np.int64),
            places=np.array([places[: shown.shape[1]] for places in self._places[:count]], np.int32),
            images=images if self._augmented else images[:, :0],
            labels=shown[..., -1],
            rates=rates,
            watched=watched,
            weights=np.concatenate([self._first_weights[None], weights])[:, chosen],
            gradients=gradients[:, chosen],
            slots=slots,
            states=np.concatenate([self._first_states[None], memory])[:, :, chosen],
        )
