"""Empty, repeated and nearly repeated images are found, within a part and between training and test."""

import io
import os

import numpy as np
import pytest
from PIL import Image

from core.data.arrays import Arrays
from core.data.checks.likeness import likeness
from core.data.datasets import load

REAL_MNIST = os.environ.get("DIGIT_LAB_MNIST", "")  # read before the fixtures unset it


def drawn(count, seed, channels=1):
    """Images with a few random strokes each, so that two are never alike."""
    random = np.random.default_rng(seed)
    shape = (count, 6, 6, channels)
    images = np.kron(random.integers(0, 256, shape), np.ones((1, 4, 4, 1))).astype(np.uint8)
    return images[..., 0] if channels == 1 else images


def arrays(channels=1):
    """60 training and 30 test images of three classes, all different; writable."""
    labels = np.arange(90, dtype=np.uint8) % 3
    images = drawn(90, 1, channels)
    return Arrays(images[:60].copy(), labels[:60].copy(), images[60:].copy(), labels[60:].copy())


def found(data):
    """The keys of the findings, with their examples."""
    return {
        finding.message.key.removeprefix("data_checks."): finding.examples for finding in likeness(data, lambda _: None)
    }


def jpeg(image):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=85, subsampling=0)
    return np.asarray(Image.open(file))


@pytest.mark.parametrize("channels", [1, 3])
def test_nothing_is_found_where_all_images_differ(channels):
    assert found(arrays(channels)) == {}


@pytest.mark.parametrize("channels", [1, 3])
def test_the_same_image_in_training_and_test_is_found_with_both_places(channels):
    data = arrays(channels)
    data.test_images[4], data.test_labels[4] = data.train_images[10], data.train_labels[10]
    assert found(data) == {"same_across_one": (("train", 10), ("test", 4))}
    data.test_images[5], data.test_labels[5] = data.train_images[11], data.train_labels[11]
    assert found(data)["same_across"] == (("train", 10), ("test", 4), ("train", 11), ("test", 5))


def test_repeats_within_a_part_and_with_another_label_are_found():
    data = arrays()
    data.train_images[7] = data.train_images[3]
    data.train_labels[7] = data.train_labels[3] = 1
    data.test_images[9] = data.test_images[2]
    data.test_labels[9], data.test_labels[2] = 0, 1
    assert found(data) == {
        "same_train_one": (("train", 3), ("train", 7)),
        "same_test_one": (("test", 2), ("test", 9)),
        "same_differ_one": (("test", 2), ("test", 9)),
    }


@pytest.mark.parametrize(
    "changed",
    [
        lambda image: np.clip(image * 0.8 + 30, 0, 255).astype(np.uint8),
        lambda image: np.clip(image + np.random.default_rng(1).integers(-6, 7, image.shape), 0, 255).astype(np.uint8),
        jpeg,
    ],
    ids=["brightened", "noisy", "saved as JPEG"],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_an_image_that_is_nearly_the_same_is_found(changed, channels):
    data = arrays(channels)
    # soft edges, as photos have
    smooth = np.asarray(Image.fromarray(data.train_images[20]).resize((24, 24), reducing_gap=1, box=(2, 2, 14, 14)))
    data.train_images[20] = smooth
    data.test_images[8], data.test_labels[8] = changed(smooth), data.train_labels[20]
    assert found(data) == {"near_across_one": (("train", 20), ("test", 8))}


def test_empty_images_are_found_and_not_called_repeats():
    data = arrays()
    data.train_images[5], data.test_images[6] = 255, 0
    data.test_images[6, 3, 3] = 4
    assert found(data) == {"blank": (("train", 5), ("test", 6))}


def test_in_a_large_set_a_part_is_compared_and_the_finding_says_so(monkeypatch):
    monkeypatch.setattr("core.data.checks.likeness.MOST_COMPARED", {"train": 30, "test": 30})
    data = arrays()
    # the images that are compared are evenly spaced, beginning with the first
    data.test_images[8] = np.clip(data.train_images[0] * 0.9, 0, 255).astype(np.uint8)
    data.test_labels[8] = data.train_labels[0]
    (near, compared) = likeness(data, lambda _: None)
    assert near.message.key.startswith("data_checks.near")
    assert str(compared.message) == "To find nearly the same images, 60 of all 90 were compared."


@pytest.mark.mnist
def test_mnist_has_no_repeats_and_planted_ones_are_all_found(monkeypatch):
    monkeypatch.setenv("DIGIT_LAB_MNIST", REAL_MNIST)
    mnist = load("mnist")
    test = mnist.test_images.copy()
    labels = mnist.test_labels.copy()
    for place in range(100):
        test[place], labels[place] = jpeg(mnist.train_images[place]), mnist.train_labels[place]
    findings = likeness(Arrays(mnist.train_images, mnist.train_labels, test, labels), lambda _: None)
    keys = [finding.message.key.removeprefix("data_checks.") for finding in findings]
    assert not [key for key in keys if key.startswith("same")]
    across = findings[keys.index("near_across")]
    assert 100 <= across.message.values["count"] <= 102
