"""Class means and distances, against plain NumPy."""

import numpy as np
import pytest

from core.analysis.typical import class_means, distances, nearest_and_farthest
from core.data import datasets


def test_means_and_distances_match_numpy_for_each_class():
    data = datasets.load("mnist-5k")
    images, labels = data.train_images, data.train_labels
    means = class_means(images, labels, 10)
    far = distances(images, labels, means)
    for digit in range(10):
        own = images[labels == digit].astype(np.float64) / 255
        np.testing.assert_allclose(means[digit], own.mean(axis=0), atol=1e-6)
        expected = np.linalg.norm((own - own.mean(axis=0)).reshape(len(own), -1), axis=1)
        np.testing.assert_allclose(far[labels == digit], expected, rtol=1e-4)


def test_nearest_and_farthest_digits_are_sorted():
    far, labels = np.array([3, 1, 2, 9, 5], np.float32), np.array([0, 0, 0, 1, 0], np.uint8)
    near, odd = nearest_and_farthest(far, labels, 0, 2)
    assert (near.tolist(), odd.tolist()) == ([1, 2], [4, 0])
    near, odd = nearest_and_farthest(far, labels, 7, 2)
    assert (near.tolist(), odd.tolist()) == ([], [])


def test_a_class_without_digits_has_a_mean_of_0():
    means = class_means(np.full((2, 28, 28), 255, np.uint8), np.array([4, 4], np.uint8), 10)
    assert means[4].min() == 1
    assert means[5].max() == 0


def test_colored_images_have_a_mean_color_and_a_distance_over_all_channels():
    images = np.zeros((2, 4, 3, 3), np.uint8)
    images[1] = 255
    labels = np.zeros(2, np.uint8)
    means = class_means(images, labels, 2)
    assert means.shape == (2, 4, 3, 3)
    assert means[0] == pytest.approx(0.5)
    assert distances(images, labels, means) == pytest.approx([3, 3])
