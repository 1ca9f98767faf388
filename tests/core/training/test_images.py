"""Batches: every image once an epoch, in an order that seed and epoch decide."""

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
    # each image tells its own number, so that a batch shows who is in it
    return TrainingImages(np.zeros((100, 28, 28), np.uint8), np.arange(100, dtype=np.uint8), batch_size=32, seed=seed)


def test_every_image_comes_once_an_epoch():
    order = labels_of(numbered(), 0)
    assert sorted(order) == list(range(100))
    assert list(order) != list(range(100))


def test_the_order_depends_on_seed_and_epoch_alone():
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


def test_mapped_images_are_the_one_copy_of_all_processes():
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
def test_whatever_memory_images_are_in_they_are_the_same(images):
    tensor = as_tensor(images)
    np.testing.assert_array_equal(tensor, images)
    np.testing.assert_array_equal(tf.gather(tensor, [1, 0]), images[[1, 0]])


def test_no_amount_changes_nothing():
    np.testing.assert_allclose(distort(IMAGES, tf.constant([1, 2]), **STILL), IMAGES, atol=1e-5)


def test_the_same_seed_gives_the_same_change_and_every_image_its_own():
    amounts = {**STILL, "rotation": 15.0, "elastic": 1.0}
    once, again = (distort(IMAGES, tf.constant([1, 2]), **amounts).numpy() for _ in range(2))
    np.testing.assert_array_equal(once, again)
    same = tf.repeat(IMAGES[:1], 4, axis=0)
    changed = distort(same, tf.constant([1, 2]), **amounts).numpy()
    assert all(np.abs(changed[0] - other).max() > 0.05 for other in changed[1:])


def test_a_shift_moves_the_ink_and_keeps_it():
    moved = distort(IMAGES, tf.constant([3, 4]), **{**STILL, "shift": 0.1}).numpy()[..., 0]
    original = IMAGES.numpy()[..., 0]
    columns = np.arange(28)
    center = [(image.sum(0) * columns).sum() / image.sum() for image in original]
    after = [(image.sum(0) * columns).sum() / image.sum() for image in moved]
    shifts = np.abs(np.subtract(after, center))
    assert 0.5 < shifts.max() <= 2.9
    np.testing.assert_allclose(moved.sum((1, 2)), original.sum((1, 2)), rtol=0.05)


def test_each_amount_does_something_and_stays_between_black_and_white():
    for name, amount in {"shift": 0.1, "rotation": 20.0, "zoom": 0.2, "shear": 0.3, "elastic": 2.0}.items():
        changed = distort(IMAGES, tf.constant([5, 6]), **{**STILL, name: amount}).numpy()
        assert np.abs(changed - IMAGES.numpy()).mean() > 0.005, name
        assert changed.min() >= 0, name
        assert changed.max() <= 1 + 1e-6, name


def test_no_tuner_makes_the_end_of_an_epoch_wait():
    # its thread sleeps for as long as the epoch took, up to a minute, and the iterator cannot go before
    assert numbered().batches.options().autotune.enabled is False
