"""Batches: every image once per epoch, in an order that depends on seed and epoch."""

import numpy as np
import pytest
import tensorflow as tf

from core.data.datasets import load
from core.training.augmentation import distort
from core.training.images import TrainingImages, as_tensor

STILL = {"shift": 0.0, "rotation": 0.0, "zoom": 0.0, "shear": 0.0, "elastic": 0.0}
DIGITS = load("mnist-5k").train_images[:32]
IMAGES = tf.constant(DIGITS[..., None].astype(np.float32) / 255)


def labels_of(training, epoch):
    training.start_epoch(epoch)
    return np.concatenate([labels.numpy() for _, labels in training.batches])


def numbered(seed=1):
    # the labels are the images' numbers, and so show which images are in a batch
    return TrainingImages(np.zeros((100, 28, 28), np.uint8), np.arange(100, dtype=np.uint8), batch_size=32, seed=seed)


def test_every_image_comes_once_per_epoch():
    order = labels_of(numbered(), 0)
    assert sorted(order) == list(range(100))
    assert list(order) != list(range(100))


def test_the_order_depends_only_on_seed_and_epoch():
    assert list(labels_of(numbered(), 3)) == list(labels_of(numbered(), 3))
    assert list(labels_of(numbered(), 3)) != list(labels_of(numbered(), 4))
    assert list(labels_of(numbered(), 3)) != list(labels_of(numbered(seed=2), 3))


def test_pixels_are_scaled_and_batches_counted():
    training = TrainingImages(DIGITS, np.arange(32, dtype=np.uint8), batch_size=10, seed=1)
    batches = [(images.numpy(), labels.numpy()) for images, labels in training.batches]
    assert [len(labels) for _, labels in batches] == [10, 10, 10, 2]
    assert len(training.batches) == 4
    for images, labels in batches:
        np.testing.assert_allclose(images[..., 0], DIGITS[labels] / 255, atol=1e-6)


def test_mapped_images_are_not_copied():
    images = load("mnist-5k").train_images[:3000]
    tensor = as_tensor(images)
    assert np.shares_memory(memoryview(tensor), images)
    np.testing.assert_array_equal(tensor, images)
    with pytest.raises(ValueError, match="read-only"):
        images[0] = 0


@pytest.mark.parametrize(
    "images",
    [DIGITS[1:3], DIGITS[::2], DIGITS[:, ::-1], np.frombuffer(DIGITS.tobytes(), np.uint8).reshape(DIGITS.shape)],
    ids=["between", "every other", "upside down", "of bytes"],
)
def test_images_in_any_memory_layout_give_the_same_tensor(images):
    tensor = as_tensor(images)
    np.testing.assert_array_equal(tensor, images)
    np.testing.assert_array_equal(tf.gather(tensor, [1, 0]), images[[1, 0]])


def test_a_seed_reproduces_the_distortion_and_each_image_gets_another():
    amounts = {**STILL, "rotation": 15.0, "elastic": 1.0}
    once, again = (distort(IMAGES, tf.constant([1, 2]), **amounts).numpy() for _ in range(2))
    np.testing.assert_array_equal(once, again)
    same = tf.repeat(IMAGES[:1], 4, axis=0)
    changed = distort(same, tf.constant([1, 2]), **amounts).numpy()
    assert all(np.abs(changed[0] - other).max() > 0.05 for other in changed[1:])


def test_tf_data_does_not_tune_the_pipeline():
    # the tuner's thread sleeps for up to a minute, and the end of an epoch would wait for it
    assert numbered().batches.options().autotune.enabled is False
