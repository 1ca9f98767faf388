"""The input pipeline of training: shuffled, batched, scaled and augmented images."""

import contextlib
import os
from collections.abc import Callable

import numpy as np
import tensorflow as tf

_ALIGNMENT = 64
"""In bytes; TensorFlow requires it of a tensor's memory."""


class TrainingImages:
    """The batches of each epoch, in an order that depends only on seed and epoch.

    Images stay uint8 until they are in a batch, which takes a quarter of the memory of float32; images mapped from a
    file are not copied, so that all processes share them.
    """

    def __init__(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        *,
        batch_size: int,
        seed: int,
        augment: Callable[[tf.Tensor, tf.Tensor], tf.Tensor] | None = None,
    ) -> None:
        self._epoch = tf.Variable(0, dtype=tf.int32, trainable=False)
        pixels, classes = as_tensor(images), tf.constant(labels.astype(np.int32))
        count = len(images)

        def shuffled(epoch: tf.Tensor | int) -> tf.Tensor:
            return tf.random.experimental.stateless_shuffle(tf.range(count), seed=[seed, epoch])

        # AutoGraph would read and rewrite their source, a fifth of the time to the first batch, and change nothing
        @tf.autograph.experimental.do_not_convert
        def order(_: tf.Tensor) -> tf.data.Dataset:
            return tf.data.Dataset.from_tensor_slices(shuffled(self._epoch))

        @tf.autograph.experimental.do_not_convert
        def batch(indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            scaled = scaled_images(tf.gather(pixels, indices))
            if augment is not None:
                # the batch's first image makes the seed differ between the batches of an epoch
                scaled = augment(scaled, tf.stack([seed + self._epoch, indices[0]]))
            return scaled, tf.gather(classes, indices)

        self._shuffled, self._batch_size = shuffled, batch_size
        self.batches = (
            tf.data.Dataset.from_tensors(0)
            .flat_map(order)
            .batch(batch_size)
            .apply(tf.data.experimental.assert_cardinality(-(-count // batch_size)))
            .map(batch, num_parallel_calls=os.cpu_count() if augment else 1)
            .prefetch(2)
            .with_options(_untuned())
        )

    def first_batches(self, count: int) -> list[np.ndarray]:
        """The indices, int32 (batch_size,), of the images in each of the first `count` batches, across epochs."""
        found: list[np.ndarray] = []
        epoch = 0
        while len(found) < count:
            places = self._shuffled(epoch).numpy()
            found += [places[at : at + self._batch_size] for at in range(0, len(places), self._batch_size)]
            epoch += 1
        return found[:count]

    def start_epoch(self, epoch: int) -> None:
        """Shuffle for this epoch, counted from 0; call it before the epoch's first batch."""
        self._epoch.assign(epoch)


def scaled_images(images: tf.Tensor) -> tf.Tensor:
    """Images uint8 (n, height, width), or with channels, as the network takes them: float32 with channels, 0..1."""
    floats = tf.cast(images, tf.float32)
    return (floats if images.shape.rank > 3 else floats[..., None]) / 255.0


def as_tensor(images: np.ndarray) -> tf.Tensor:
    """Images uint8 (n, ...) as a tensor, which shares their memory if TensorFlow can use it."""
    alias = np.ascontiguousarray(images).view()
    # DLPack refuses read-only arrays, although nothing writes to a tensor
    with contextlib.suppress(ValueError):
        alias.flags.writeable = True
    if not alias.flags.writeable or alias.ctypes.data % _ALIGNMENT:
        return tf.constant(images)
    return tf.experimental.dlpack.from_dlpack(alias.__dlpack__())


def _untuned() -> tf.data.Options:
    """Options without tf.data's autotuner: its thread sleeps for up to 60 s, and the end of an epoch waits for it."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return options
