"""Digits that are shifted, rotated, thickened or made noisy."""

import numpy as np
import pytest
from scipy import ndimage

from core.data import datasets
from core.explain.robustness import AMOUNTS, CHANGES, accuracy, changed, variants


@pytest.fixture(scope="module")
def digits():
    return datasets.load("mnist-5k").test_images[:12].astype(np.float32) / 255


def one_by_one(images, change):
    return np.stack([change(image) for image in images])


@pytest.mark.parametrize("amount", AMOUNTS["shift"])
def test_shift_matches_scipy(digits, amount):
    expected = one_by_one(digits, lambda image: ndimage.shift(image, (0, amount), order=0))
    assert np.array_equal(changed(digits, "shift", amount), expected)


@pytest.mark.parametrize("amount", AMOUNTS["rotation"])
def test_rotation_matches_scipy_and_is_clockwise(digits, amount):
    # SciPy mixes with 0 beyond the edge only if the image has a border of zeros
    expected = one_by_one(
        digits, lambda image: ndimage.rotate(image, -amount, reshape=False, order=1, mode="grid-constant")
    )
    np.testing.assert_allclose(changed(digits, "rotation", amount), expected, atol=1e-5)


def test_thickness_grows_or_shrinks_strokes_on_each_side(digits):
    cross = ndimage.generate_binary_structure(2, 1)
    thicker = one_by_one(digits, lambda image: ndimage.grey_dilation(image, footprint=cross, mode="constant"))
    thinner = one_by_one(digits, lambda image: ndimage.grey_erosion(image, footprint=cross, mode="constant"))
    twice = one_by_one(thicker, lambda image: ndimage.grey_dilation(image, footprint=cross, mode="constant"))
    assert np.array_equal(changed(digits, "thickness", 1), thicker)
    assert np.array_equal(changed(digits, "thickness", 2), twice)
    assert np.array_equal(changed(digits, "thickness", -1), thinner)
    np.testing.assert_allclose(changed(digits, "thickness", 1.5), (thicker + twice) / 2, atol=1e-6)
    np.testing.assert_allclose(changed(digits, "thickness", -0.5), (digits + thinner) / 2, atol=1e-6)


def test_noise_is_reproducible_and_has_the_given_deviation():
    gray = np.full((200, 28, 28), 0.5, np.float32)
    noisy = changed(gray, "noise", 0.1)
    assert np.array_equal(noisy, changed(gray, "noise", 0.1))
    assert noisy.std() == pytest.approx(0.1, rel=0.02)
    assert noisy.mean() == pytest.approx(0.5, abs=0.002)


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_includes_the_original_and_keeps_valid_images(digits, change):
    found = variants(digits[0], change)
    assert found.shape == (len(AMOUNTS[change]), 28, 28)
    assert found.dtype == np.float32
    assert np.array_equal(found[AMOUNTS[change].index(0)], digits[0])
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-6
    assert len(np.unique(found.reshape(len(found), -1), axis=0)) == len(found)


def test_accuracy_is_measured_on_changed_images():
    images = np.zeros((4, 28, 28), np.float32)
    images[range(4), 3, [5, 6, 5, 9]] = 1

    def column_of_ink(asked):
        return np.eye(10, dtype=np.float32)[np.argmax(asked[:, 3], axis=1) % 10]

    labels = np.array([6, 7, 5, 0], np.uint8)
    assert accuracy(column_of_ink, images, labels, "shift", 1) == 0.75
    assert accuracy(column_of_ink, images, labels, "shift", 0) == 0.25
