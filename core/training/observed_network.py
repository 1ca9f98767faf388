"""A network whose compiled training step shows each update to observers."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import keras
import tensorflow as tf


class Update(NamedTuple):
    """A weight update, as tensors of the training step."""

    number: tf.Tensor
    """int32, counted from 0."""
    images: tf.Tensor
    """float32 (n, height, width, channels)"""
    labels: tf.Tensor
    """(n,)"""
    loss: tf.Tensor
    """float32, the batch's loss before the update, with dropout."""
    gradients: Sequence[tf.Tensor]
    """In the order of `trainable_variables`."""
    rate: tf.Tensor
    """float32, the learning rate."""


class Observer(Protocol):
    """Called while the training step is traced: its operations become part of the step and must not change it."""

    def before(self, number: tf.Tensor, images: tf.Tensor, labels: tf.Tensor) -> Any:
        """Observe a batch before its update; `after` gets the result."""

    def after(self, update: Update, before: Any) -> None:
        """Observe the update."""


class ObservedNetwork(keras.Sequential):
    """Trains as `keras.Sequential` does."""

    observers: tuple[Observer, ...] = ()

    def observe(self, observer: Observer) -> None:
        """Show all updates to an observer; call it between `compile` and `fit`."""
        self.observers = (*self.observers, observer)

    def train_step(self, data: Any) -> dict[str, Any]:
        """Update the weights from a batch of images and labels; returns the metrics."""
        images, labels = data
        number = tf.cast(self.optimizer.iterations.value, tf.int32)
        before = [observer.before(number, images, labels) for observer in self.observers]
        with tf.GradientTape() as tape:
            answers = self(images, training=True)
            loss = self.compute_loss(images, labels, answers)
        gradients = tape.gradient(loss, self.trainable_variables)
        # read before the update, since a rate may follow the number of updates
        rate = tf.cast(self.optimizer.learning_rate, tf.float32)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        update = Update(number, images, labels, tf.cast(loss, tf.float32), gradients, rate)
        for observer, seen in zip(self.observers, before, strict=True):
            observer.after(update, seen)
        mean_loss = self.metrics[0]
        mean_loss.update_state(loss, sample_weight=tf.shape(images)[0])
        return self.compute_metrics(images, labels, answers)
