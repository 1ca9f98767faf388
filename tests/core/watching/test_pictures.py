"""What a program feeds its network is brought back to pixels."""

import numpy as np
import pytest

from core.watching.pictures import classes_of, picture_shape, pictures

STORED = np.random.default_rng(2).integers(1, 255, (20, 28, 28)).astype(np.uint8)
STORED[:, 0, 0], STORED[:, 0, 1] = 0, 255
STORED[:, [0, -1], 2:] = STORED[:, 2:, 0] = STORED[:, 1:, -1] = 0
LABELS = np.arange(20) % 10
UNIT = STORED.astype(np.float32) / 255


@pytest.mark.parametrize(
    ("fed", "pixels"),
    [
        (UNIT.reshape(20, 784), "unit"),
        (UNIT[..., None], "unit"),
        (UNIT[:, None], "unit"),
        (STORED, "bytes"),
        (STORED.astype(np.float64)[..., None], "bytes"),
        (2 * UNIT - 1, "signed"),
        ((UNIT - 0.1307) / 0.3081, "standardized"),
        (1 - UNIT, "unit"),
    ],
)
def test_pixels_are_found_however_they_are_scaled_and_shaped(fed, pixels):
    found = pictures(fed, LABELS)
    assert found.shape == (28, 28, 1)
    assert found.form.pixels == pixels
    assert np.array_equal(found.images, STORED)
    # a network of our layers gets what the program's got
    assert np.allclose(
        found.form(found.images[..., None] / np.float32(255)), fed.reshape(20, *found.form.shape), atol=1e-5
    )


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((784,), (28, 28, 1)), ((3072,), (32, 32, 3)), ((32, 32, 3), (32, 32, 3)), ((3, 32, 32), (32, 32, 3)),
        ((13,), None), ((300, 300, 3), None), ((28, 28, 28, 1), None), ((28, 28, 4), None),
    ],
)  # fmt: skip
def test_inputs_of_other_shapes_are_not_pictures(shape, expected):
    assert picture_shape(shape) == expected


def test_classes_are_numbers_or_a_one_in_a_row():
    one_hot = np.eye(4, dtype=np.float32)[[3, 0, 2]]
    for targets in (one_hot, [3, 0, 2], [[3.0], [0.0], [2.0]]):
        assert classes_of(np.array(targets)).tolist() == [3, 0, 2]
    for targets in ([0.5, 1.0], [-1, 2], [100], [[1, 1, 0]], [[0.2, 0.8]], np.zeros((2, 3, 3))):
        assert classes_of(np.array(targets)) is None
